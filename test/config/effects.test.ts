import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MINIMAL, serverFolder, warningsOf } from './deploy-toml';
import { synthesize } from './synth';
import { McpServerStack, RustCompiler } from '../../src';
import { loadDeployFile } from '../../src/config/load/deploy-file';
import { cratesOf } from '../../src/config/props/crates';
import { IGNORED_KEYS } from '../../src/config/rules/ignored-keys';
import { deploySchema, SERVER_KEYS, SERVER_TABLES } from '../../src/config/schema';
import { type Outline, outline } from '../../src/config/schema/outline';
import { parse, stringify } from '../../src/util/smol-toml';
import { statements } from '../support/prebuilt';

/** A deploy.toml with something more, or other than in the least one. */
const withServer = (line: string) => `${MINIMAL}${line}\n`;
const withTable = (toml: string) => `${MINIMAL}${toml}\n`;

interface Synthesized { readonly stack: McpServerStack; readonly template: Template }

const lambda = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::Lambda::Function', properties);
const api = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::ApiGatewayV2::Api', properties);
const apiStage = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::ApiGatewayV2::Stage', properties);
const statement = (properties: object) => ({ template }: Synthesized) => {
  expect(statements(template)).toContainEqual(expect.objectContaining(properties));
};
const tag = (key: string, value: string) => ({ stack, template }: Synthesized) => {
  expect(stack.tags.tagValues()).toMatchObject({ [key]: value });
  lambda({ Tags: Match.arrayWith([{ Key: key, Value: value }]) })({ stack, template });
};
const arn = (service: string, resource: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:us-east-1:`, { Ref: 'AWS::AccountId' }, `:${resource}`]],
});
const bucketArn = (resource: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${resource}`]] });

const CORS = '[cors]\nallow_origins = ["https://app.example.com"]\n';
const VPC = '[vpc]\nid = "vpc-0123456789abcdef0"\nsubnet_ids = ["subnet-0123456789abcdef0"]\n';
const DOMAIN = '[domain]\nname = "mcp.example.com"\ncertificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"\n';
const ZONE = 'hosted_zone_id = "Z0123456789"\nzone_name = "example.com"\n';

/** What each key does to the template. */
const EFFECTS: Readonly<Record<string, readonly [toml: string, effect: (synthesized: Synthesized) => void]>> = {
  'aws.region': [MINIMAL.replace('us-east-1', 'eu-west-1'), ({ stack }) => expect(stack.region).toBe('eu-west-1')],
  'aws.account_id': [MINIMAL.replace('[aws]', '[aws]\naccount_id = "123456789012"'), ({ stack }) => expect(stack.account).toBe('123456789012')],
  'server.name': [MINIMAL.replace('hello', 'weather_api'), ({ stack }) => expect(stack.stackName).toBe('weather-api')],
  'server.memory_mb': [withServer('memory_mb = 1024'), lambda({ MemorySize: 1024 })],
  'server.timeout_seconds': [withServer('timeout_seconds = 10'), lambda({ Timeout: 10 })],
  'server.ephemeral_storage_mb': [withServer('ephemeral_storage_mb = 2048'), lambda({ EphemeralStorage: { Size: 2048 } })],
  'server.reserved_concurrency': [withServer('reserved_concurrency = 7'), lambda({ ReservedConcurrentExecutions: 7 })],
  'server.provisioned_concurrency': [withServer('provisioned_concurrency = 3'), ({ template }) => (
    template.hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 } })
  )],
  'server.mcp_path': [withServer('mcp_path = "/v1/mcp"'), ({ template }) => {
    for (const method of ['GET', 'POST', 'DELETE']) template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: `${method} /v1/mcp` });
  }],
  'server.architecture': [withServer('architecture = "x86_64"'), lambda({ Architectures: ['x86_64'] })],
  'server.log_level': [withServer('log_level = "debug"'), lambda({
    Environment: { Variables: { RUST_LOG: 'debug' } }, LoggingConfig: { ApplicationLogLevel: 'DEBUG' },
  })],
  'server.description': [withServer('description = "Weather"'), lambda({ Description: Match.stringLikeRegexp('^Weather \\[configuration ') })],
  'environment': [withTable('[environment]\nCITY = "Bern"'), lambda({ Environment: { Variables: { CITY: 'Bern' } } })],
  'iam.tables.name': [withTable('[[iam.tables]]\nname = "notes"\nactions = "read"'), statement({
    Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem'], Resource: arn('dynamodb', 'table/notes'),
  })],
  'iam.tables.actions': [withTable('[[iam.tables]]\nname = "notes"\nactions = "readwrite"'), statement({
    Action: [
      'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem',
      'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem',
    ],
  })],
  'iam.tables.include_indexes': [withTable('[[iam.tables]]\nname = "notes"\nactions = "read"\ninclude_indexes = true'), statement({
    Resource: [arn('dynamodb', 'table/notes'), arn('dynamodb', 'table/notes/index/*')],
  })],
  'iam.buckets.name': [withTable('[[iam.buckets]]\nname = "my-notes"\nactions = "read"'), (synthesized) => {
    statement({ Action: 's3:GetObject', Resource: bucketArn('my-notes/*') })(synthesized);
    statement({ Action: 's3:ListBucket', Resource: bucketArn('my-notes') })(synthesized);
  }],
  'iam.buckets.actions': [withTable('[[iam.buckets]]\nname = "my-notes"\nactions = "write"'), (synthesized) => {
    statement({ Action: ['s3:PutObject', 's3:DeleteObject'], Resource: bucketArn('my-notes/*') })(synthesized);
    expect(JSON.stringify(statements(synthesized.template))).not.toContain('s3:ListBucket');
  }],
  'iam.statements.effect': [withTable('[[iam.statements]]\neffect = "Deny"\nactions = ["s3:*"]\nresources = ["*"]'), statement({ Effect: 'Deny' })],
  'iam.statements.actions': [withTable('[[iam.statements]]\neffect = "Allow"\nactions = ["sqs:SendMessage"]\nresources = ["*"]'), statement({ Action: 'sqs:SendMessage' })],
  'iam.statements.resources': [
    withTable('[[iam.statements]]\neffect = "Allow"\nactions = ["sqs:*"]\nresources = ["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"]'),
    statement({ Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':jobs']] } }),
  ],
  'observability.log_retention_days': [withTable('[observability]\nlog_retention_days = 90'), ({ template }) => (
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 })
  )],
  'observability.enable_xray': [withTable('[observability]\nenable_xray = false'), lambda({ TracingConfig: Match.absent() })],
  'api_gateway.rate_limit': [withTable('[api_gateway]\nrate_limit = 5'), apiStage({ DefaultRouteSettings: { ThrottlingRateLimit: 5 } })],
  'api_gateway.burst_limit': [withTable('[api_gateway]\nburst_limit = 9'), apiStage({ DefaultRouteSettings: { ThrottlingBurstLimit: 9 } })],
  'cors.allow_origins': [withTable(CORS), (synthesized) => {
    api({ CorsConfiguration: { AllowOrigins: ['https://app.example.com'] } })(synthesized);
    lambda({ Environment: { Variables: { MCP_ALLOWED_ORIGINS: 'https://app.example.com' } } })(synthesized);
  }],
  'cors.allow_headers': [withTable(`${CORS}allow_headers = ["X-Request-Id"]`), api({ CorsConfiguration: { AllowHeaders: Match.arrayWith(['x-request-id']) } })],
  'cors.expose_headers': [withTable(`${CORS}expose_headers = ["X-Trace"]`), api({ CorsConfiguration: { ExposeHeaders: Match.arrayWith(['x-trace']) } })],
  'cors.allow_credentials': [withTable(`${CORS}allow_credentials = true`), api({ CorsConfiguration: { AllowCredentials: true } })],
  'cors.max_age_seconds': [withTable(`${CORS}max_age_seconds = 60`), api({ CorsConfiguration: { MaxAge: 60 } })],
  'vpc.id': [withTable(VPC), ({ template }) => template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-0123456789abcdef0' })],
  'vpc.subnet_ids': [withTable(VPC), lambda({ VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0'] } })],
  'vpc.security_group_ids': [withTable(`${VPC}security_group_ids = ["sg-0123456789abcdef0"]`), lambda({ VpcConfig: { SecurityGroupIds: ['sg-0123456789abcdef0'] } })],
  'vpc.ipv6': [withTable(`${VPC}ipv6 = true`), lambda({ VpcConfig: { Ipv6AllowedForDualStack: true } })],
  'domain.name': [withTable(DOMAIN), ({ template }) => {
    // security L13: the domain name is the only way in unless something else is said.
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'mcp.example.com' });
    template.hasOutput('helloMcpUrl', { Value: 'https://mcp.example.com/mcp' });
  }],
  'domain.certificate_arn': [withTable(DOMAIN), ({ template }) => template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainNameConfigurations: [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/a' }],
  })],
  'domain.hosted_zone_id': [withTable(DOMAIN + ZONE), ({ template }) => template.hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: 'Z0123456789' })],
  'domain.zone_name': [withTable(DOMAIN + ZONE), ({ template }) => template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'mcp.example.com.' })],
  'domain.disable_default_endpoint': [withTable(`${DOMAIN}disable_default_endpoint = false`), api({ DisableExecuteApiEndpoint: false })],
  'deployment.strategy': [withTable('[deployment]\nstrategy = "canary10percent5minutes"'), ({ template }) => (
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes' })
  )],
  'tags': [withTable('[tags]\nteam = "platform"'), tag('team', 'platform')],
  'composition.tier': [withTable('[composition]\ntier = "foundation"'), tag('pmcp:tier', 'foundation')],
  'composition.allow_composition': [withTable('[composition]\nallow_composition = true'), tag('pmcp:allow-composition', 'true')],
  'composition.internal_only': [withTable('[composition]\ninternal_only = true'), tag('pmcp:internal-only', 'true')],
  'composition.description': [withTable('[composition]\ndescription = "Weather data"'), ({ template }) => (
    expect(template.toJSON().Description).toBe('Weather data')
  )],
  'metadata.server_type': [withTable('[metadata]\nserver_type = "openapi"'), tag('pmcp:server-type', 'openapi')],
  'metadata.snapshot_baked': [withTable('[metadata]\nsnapshot_baked = true'), tag('pmcp:snapshot-baked', 'true')],
};

const COGNITO = '[auth]\nenabled = true\nprovider = "cognito"\n';
const POOL = `${COGNITO}user_pool_id = "us-east-1_AbCdEfGhI"\n`;
const EXISTING = `${POOL}[auth.cognito]\ndomain = "people"\n`;
const OIDC = '[auth]\nenabled = true\nprovider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\nscopes = ["mcp/read"]\n';
const DCR = `${COGNITO}[auth.dcr]\n`;
const ALARMS = '[observability.alarms]\n';

const postRoute = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /mcp', ...properties });
const authorizer = (jwt: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { JwtConfiguration: jwt });
const userPool = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::Cognito::UserPool', properties);
const poolClient = (properties: object) => ({ template }: Synthesized) => template.hasResourceProperties('AWS::Cognito::UserPoolClient', properties);
const alarm = (name: string, properties: object) => ({ template }: Synthesized) => (
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp(`-${name}$`), ...properties })
);
/** What a function of the user pool is told, such as the one that registers clients. */
const settings = (text: string) => ({ template }: Synthesized) => {
  expect(JSON.stringify(template.findResources('AWS::Lambda::Function')).replaceAll('\\', '')).toContain(text);
};

/** What each key of [auth], [observability] and [secrets] does to the template. */
const MORE_EFFECTS: typeof EFFECTS = {
  'observability.create_dashboard': [withTable('[observability]\ncreate_dashboard = false'), ({ template }) => template.resourceCountIs('AWS::CloudWatch::Dashboard', 0)],
  'observability.alarms.error_threshold': [withTable(`${ALARMS}error_threshold = 3`), alarm('Errors', { Threshold: 3 })],
  'observability.alarms.error_rate_percent': [withTable(`${ALARMS}error_rate_percent = 1.5`), alarm('ErrorRate', { Threshold: 1.5 })],
  'observability.alarms.latency_threshold_ms': [withTable(`${ALARMS}latency_threshold_ms = 900`), alarm('Latency', { Threshold: 900 })],
  'observability.alarms.throttle_threshold': [withTable(`${ALARMS}throttle_threshold = 7`), alarm('Throttles', { Threshold: 7 })],
  'observability.alarms.emails': [withTable(`${ALARMS}emails = ["ops@example.com"]`), ({ template }) => (
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'ops@example.com', Protocol: 'email' })
  )],
  'observability.alarms.topic_arn': [withTable(`${ALARMS}topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"`), alarm('Errors', {
    AlarmActions: ['arn:aws:sns:us-east-1:123456789012:alerts'],
  })],
  'secrets.required': [withTable('[secrets.API_KEY]\nrequired = true\n[secrets.OTHER]\nrequired = false'), lambda({
    Environment: { Variables: { API_KEY: Match.stringLikeRegexp('^\\{\\{resolve:secretsmanager:pmcp-deploy/hello/\\w+/API_KEY:'), OTHER: Match.absent() } },
  })],
  'secrets.delivery': [withTable('[secrets.API_KEY]\ndelivery = "arn"'), lambda({
    Environment: { Variables: { API_KEY: Match.absent(), API_KEY_SECRET_ARN: Match.anyValue() } }, Layers: Match.anyValue(),
  })],
  'secrets.kms_key_arn': [
    withTable('[secrets.API_KEY]\ndelivery = "arn"\nkms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/a"'),
    statement({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:us-east-1:123456789012:key/a' }),
  ],
  'auth.enabled': [withTable('[auth]\nenabled = false\nprovider = "iam"'), postRoute({ AuthorizationType: 'NONE' })],
  'auth.provider': [withTable('[auth]\nenabled = true\nprovider = "iam"'), postRoute({ AuthorizationType: 'AWS_IAM' })],
  'auth.callback_urls': [withTable(`${COGNITO}callback_urls = ["https://a.example/cb"]`), poolClient({ CallbackURLs: Match.arrayWith(['https://a.example/cb']) })],
  'auth.user_pool_id': [withTable(EXISTING), ({ template }) => {
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { UserPoolId: 'us-east-1_AbCdEfGhI' });
  }],
  'auth.client_id': [withTable(EXISTING.replace('[auth.cognito]', 'client_id = "given"\n[auth.cognito]')), ({ template }) => {
    template.resourceCountIs('AWS::Cognito::UserPoolClient', 0);
    template.hasOutput('helloMcpClientId', { Value: 'given' });
  }],
  'auth.cognito.user_pool_id': [withTable(`${COGNITO}[auth.cognito]\ndomain = "people"\nuser_pool_id = "us-east-1_AbCdEfGhI"`), poolClient({ UserPoolId: 'us-east-1_AbCdEfGhI' })],
  'auth.cognito.user_pool_name': [withTable(`${COGNITO}[auth.cognito]\nuser_pool_name = "people"`), userPool({ UserPoolName: 'people' })],
  'auth.cognito.resource_server_id': [withTable(`${COGNITO}[auth.cognito]\nresource_server_id = "books"`), postRoute({ AuthorizationScopes: ['books/read', 'books/write'] })],
  'auth.cognito.social_providers': [withTable(`${COGNITO}[auth.cognito]\nself_sign_up = true\nsocial_providers = ["Google"]`), ({ template }) => (
    template.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', { ProviderType: 'Google' })
  )],
  'auth.strict_audience': [withTable(`${COGNITO}strict_audience = true`), ({ template }) => {
    const [{ Properties }] = Object.values(template.findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(Properties.JwtConfiguration.Audience).toHaveLength(1);
  }],
  'auth.cognito.self_sign_up': [withTable(`${COGNITO}[auth.cognito]\nself_sign_up = true`), userPool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } })],
  'auth.cognito.sign_in_case_sensitive': [
    withTable(`${COGNITO}[auth.cognito]\nsign_in_case_sensitive = false`), userPool({ UsernameConfiguration: { CaseSensitive: false } }),
  ],
  'auth.cognito.sign_in_page': [withTable(`${COGNITO}[auth.cognito]\nsign_in_page = "classic"`), ({ template }) => {
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 1 });
    template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 0);
  }],
  'auth.cognito.mfa': [withTable(`${COGNITO}[auth.cognito]\nmfa = "required"`), userPool({ MfaConfiguration: 'ON' })],
  'auth.cognito.access_token_ttl': [withTable(`${COGNITO}[auth.cognito]\naccess_token_ttl = "15m"`), poolClient({ AccessTokenValidity: 15 })],
  'auth.cognito.refresh_token_ttl': [withTable(`${COGNITO}[auth.cognito]\nrefresh_token_ttl = "2d"`), poolClient({ RefreshTokenValidity: 2880 })],
  'auth.cognito.domain': [withTable(`${COGNITO}[auth.cognito]\ndomain = "people"`), ({ template }) => (
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'people' })
  )],
  'auth.oidc.issuer': [withTable(OIDC), authorizer({ Issuer: 'https://login.example.com' })],
  'auth.oidc.client_id': [withTable(OIDC), authorizer({ Audience: Match.arrayWith(['hello']) })],
  'auth.oidc.audience': [withTable(`${OIDC}audience = "api"`), authorizer({ Audience: Match.arrayWith(['api']) })],
  'auth.oidc.scopes': [withTable(OIDC), postRoute({ AuthorizationScopes: ['mcp/read'] })],
  'auth.dcr.enabled': [withTable(DCR), ({ template }) => template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /oauth/register' })],
  'auth.dcr.max_clients': [withTable(`${DCR}max_clients = 7`), settings('"maxClients":7')],
  'auth.dcr.default_scopes': [withTable(`${DCR}default_scopes = ["openid", "mcp/read"]`), settings('"defaultScopes":["openid","mcp/read"]')],
  'auth.dcr.allowed_scopes': [withTable(`${DCR}allowed_scopes = ["openid", "mcp/lend"]`), (synthesized) => {
    settings('"allowedScopes":["openid","mcp/lend"]')(synthesized);
    postRoute({ AuthorizationScopes: ['mcp/read', 'mcp/write', 'mcp/lend'] })(synthesized);
  }],
  'auth.scopes.custom': [withTable(`${COGNITO}[auth.scopes.custom]\n"mcp/admin" = "Administration"`), ({ template }) => (
    template.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', { Scopes: Match.arrayWith([{ ScopeName: 'admin', ScopeDescription: 'Administration' }]) })
  )],
};

/** What each key of the build says to the bundler; what the bundler makes of it is tested with it. */
const BUILDS: Readonly<Record<string, readonly [toml: string, expected: (root: string) => object]>> = {
  'build.package': ['package = "a"', () => ({ bundling: { packageName: 'a' } })],
  'build.binary': ['binary = "b"', () => ({ binaryName: 'b' })],
  'build.manifest_path': ['manifest_path = "server/Cargo.toml"', (root) => ({ manifestPath: join(root, 'server', 'Cargo.toml') })],
  'build.features': ['features = ["x"]', () => ({ bundling: { features: ['x'] } })],
  'build.no_default_features': ['no_default_features = true', () => ({ bundling: { noDefaultFeatures: true } })],
  'build.profile': ['profile = "small"', () => ({ bundling: { profile: 'small' } })],
  'build.locked': ['locked = true', () => ({ bundling: { locked: true } })],
  'build.compiler': ['compiler = "cargo"', () => ({ bundling: { compiler: RustCompiler.CARGO } })],
  'build.flags': ['flags = ["--verbose"]', () => ({ bundling: { cargoLambdaFlags: ['--verbose'] } })],
  'build.environment': ['environment = { SQLX_OFFLINE = "true" }', () => ({ bundling: { environment: { SQLX_OFFLINE: 'true' } } })],
  'assets.include': ['[assets]\ninclude = ["data/*.json"]', (root) => ({ bundling: { assets: { include: ['data/*.json'], baseDir: root } } })],
  'assets.exclude': ['[assets]\ninclude = ["*"]\nexclude = ["*.bak"]', () => ({ bundling: { assets: { exclude: ['*.bak'] } } })],
  'assets.base_dir': ['[assets]\ninclude = ["*"]\nbase_dir = "static"', (root) => ({ bundling: { assets: { baseDir: join(root, 'static') } } })],
};

/** Keys that act elsewhere than in the template, and the files with tests of their names; for the kind of target, there is but one. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'target.type': 'config/effects.test.ts',
  'target.version': 'config/effects.test.ts',
  'widgets.path': 'config/widgets/widgets.test.ts',
  'widgets.install': 'config/widgets/widgets.test.ts',
  'widgets.build': 'config/widgets/widgets.test.ts',
  'widgets.output_dir': 'config/widgets/widgets.test.ts',
  'widgets.embedded_in_crates': 'config/widgets/widgets.test.ts',
  'secrets.description': 'cli/deploy/deploy-keys.test.ts',
  'secrets.obtain': 'cli/deploy/deploy-keys.test.ts',
  'deployment.keep_versions': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.enabled': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.checks': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.apps_mode': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.on_failure': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.timeout_seconds': 'cli/deploy/deploy-keys.test.ts',
  'post_deploy_tests.warmup_grace_ms': 'cli/deploy/deploy-keys.test.ts',
};

const ALL_EFFECTS = Object.entries({ ...EFFECTS, ...MORE_EFFECTS });

test.each(ALL_EFFECTS)('%s takes effect', (_, [toml, effect]) => effect(synthesize(toml)));

/** A row's file, with all that it says beyond the least one said somewhere else. */
function moved(toml: string, to: (rest: Record<string, any>) => object): string {
  const { aws, server, ...tables } = parse(toml) as Record<string, any>;
  return stringify({ aws: { region: 'us-east-1' }, server: { name: 'hello' }, ...to({ aws, server, ...tables }) });
}

test.each(ALL_EFFECTS.filter(([key]) => key !== 'server.name'))('%s takes effect in a stage', (_, [toml, effect]) => {
  effect(synthesize(moved(toml, (all) => ({ stages: { prod: all } })), 'prod'));
});

const OF_SERVERS = [...SERVER_TABLES, 'server'];
test.each(ALL_EFFECTS.filter(([key]) => OF_SERVERS.includes(key.split('.')[0]) && key !== 'server.name'))('%s takes effect for one of [[servers]]', (_, [toml, effect]) => {
  effect(synthesize(moved(toml, ({ aws, server, ...tables }) => ({ servers: [{ ...server, ...tables }] }))));
});

test.each(Object.entries(BUILDS))('%s reaches the bundler', (_, [toml, expected]) => {
  const root = serverFolder(MINIMAL + (toml.startsWith('[') ? toml : `[build]\n${toml}`));
  const { servers } = loadDeployFile(join(root, '.pmcp', 'deploy.toml'));
  expect(cratesOf(servers, root)).toEqual([expect.anything()]);
  expect(cratesOf(servers, root)[0]).toMatchObject(expected(root));
});

const leaves = (entries: readonly Outline[]): string[] => entries.flatMap((entry) => [
  ...entry.kind === 'value' || (entry.kind === 'map' && entry.keys.length === 0) ? [entry.path.join('.')] : [], ...leaves(entry.keys),
]);

test('each key of the schema has a row in one of the tables, or is without effect by the one list of those', () => {
  const rows = [...ALL_EFFECTS.map(([key]) => key), ...Object.keys(BUILDS), ...Object.keys(ELSEWHERE), ...IGNORED_KEYS.map(({ path }) => path.join('.'))];
  const keys = leaves(outline(deploySchema)).filter((key) => !/^(servers|stages)\./.test(key));
  expect([...new Set(rows)].sort()).toEqual(keys.sort());
});

test('the keys of stages and servers are those', () => {
  const keys = outline(deploySchema);
  const within = (table: string) => keys.find(({ path: [first] }) => first === table)!.keys.map(({ path }) => path[1]);
  expect(within('stages').sort()).toEqual(keys.map(({ path: [first] }) => first).filter((key) => key !== 'stages').sort());
  expect(within('servers').sort()).toEqual([...SERVER_KEYS, ...SERVER_TABLES].sort());
});

test.each(Object.entries(ELSEWHERE))('%s has a test in %s', (key, file) => {
  expect(readFileSync(join(__dirname, '..', file), 'utf-8')).toContain(`'${key}'`);
});

test.each([['target.type', 'type = "aws-lambda"'], ['target.version', 'version = "1.0.0"']])('%s has but one meaning', (_, line) => {
  const { template } = synthesize(withTable(`[target]\n${line}`));
  expect(template.toJSON()).toEqual(synthesize().template.toJSON());
});

test('a key without effect is warned of, and only when it is used', () => {
  expect(warningsOf(withTable('[composition]\ninternal_only = true'))).toEqual([
    'FILE:6:1: composition.internal_only restricts no access, it is only a tag; [auth] decides who may call the server',
  ]);
  expect(warningsOf(withTable('[composition]\ninternal_only = false'))).toEqual([]);
});

test('several servers of a workspace are built by one run, those with options of their own by another', () => {
  const root = serverFolder(`${MINIMAL}[[servers]]\nname = "a"\n[[servers]]\nname = "b"\nbuild.binary = "bee"\n[[servers]]\nname = "c"\nbuild.features = ["x"]\n`);
  const crates = cratesOf(loadDeployFile(join(root, '.pmcp', 'deploy.toml')).servers, root);
  expect(crates.map((crate) => Object.keys(crate))).toEqual([['code'], ['code'], ['code']]);
  const groups = crates.map(({ code }) => (code as unknown as { group: { binaries: string[] } }).group.binaries);
  expect(groups).toEqual([['a', 'bee'], ['a', 'bee'], ['c']]);
});
