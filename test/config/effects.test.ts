import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MINIMAL, serverFolder, warningsOf } from './deploy-toml';
import { synthesize } from './synth';
import { McpServerStack, RustCompiler } from '../../src';
import { cratesOf } from '../../src/config/crates';
import { loadDeployFile } from '../../src/config/deploy-file';
import { UNHEEDED } from '../../src/config/honoured';
import { deploySchema } from '../../src/config/schema';
import { type Outline, outline } from '../../src/config/schema/outline';
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
  'server.log_level': [withServer('log_level = "debug"'), lambda({ Environment: { Variables: { RUST_LOG: 'debug' } } })],
  'server.description': [withServer('description = "Weather"'), lambda({ Description: 'Weather' })],
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
  'cors.allow_origins': [withTable(CORS), api({ CorsConfiguration: { AllowOrigins: ['https://app.example.com'] } })],
  'cors.allow_headers': [withTable(`${CORS}allow_headers = ["X-Request-Id"]`), api({ CorsConfiguration: { AllowHeaders: Match.arrayWith(['x-request-id']) } })],
  'cors.expose_headers': [withTable(`${CORS}expose_headers = ["X-Trace"]`), api({ CorsConfiguration: { ExposeHeaders: Match.arrayWith(['x-trace']) } })],
  'cors.allow_credentials': [withTable(`${CORS}allow_credentials = true`), api({ CorsConfiguration: { AllowCredentials: true } })],
  'cors.max_age_seconds': [withTable(`${CORS}max_age_seconds = 60`), api({ CorsConfiguration: { MaxAge: 60 } })],
  'vpc.id': [withTable(VPC), ({ template }) => template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-0123456789abcdef0' })],
  'vpc.subnet_ids': [withTable(VPC), lambda({ VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0'] } })],
  'vpc.security_group_ids': [withTable(`${VPC}security_group_ids = ["sg-0123456789abcdef0"]`), lambda({ VpcConfig: { SecurityGroupIds: ['sg-0123456789abcdef0'] } })],
  'vpc.ipv6': [withTable(`${VPC}ipv6 = true`), lambda({ VpcConfig: { Ipv6AllowedForDualStack: true } })],
  'domain.name': [withTable(DOMAIN), ({ template }) => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'mcp.example.com' });
    template.hasOutput('helloMcpUrl', { Value: 'https://mcp.example.com/mcp' });
  }],
  'domain.certificate_arn': [withTable(DOMAIN), ({ template }) => template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainNameConfigurations: [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/a' }],
  })],
  'domain.hosted_zone_id': [withTable(DOMAIN + ZONE), ({ template }) => template.hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: 'Z0123456789' })],
  'domain.zone_name': [withTable(DOMAIN + ZONE), ({ template }) => template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'mcp.example.com.' })],
  'domain.disable_default_endpoint': [withTable(`${DOMAIN}disable_default_endpoint = true`), api({ DisableExecuteApiEndpoint: true })],
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

/** Keys whose effects have tests elsewhere, or that have none: for the kind of target, there is but one. */
const ELSEWHERE = [
  'target', 'auth', 'widgets', 'servers', 'stages', 'observability.alarms', 'observability.create_dashboard', 'secrets', 'post_deploy_tests', 'deployment.keep_versions',
];

test.each(Object.entries(EFFECTS))('%s takes effect', (_, [toml, effect]) => effect(synthesize(toml)));

test.each(Object.entries(BUILDS))('%s reaches the bundler', (_, [toml, expected]) => {
  const root = serverFolder(MINIMAL + (toml.startsWith('[') ? toml : `[build]\n${toml}`));
  const { servers } = loadDeployFile(join(root, '.pmcp', 'deploy.toml'));
  expect(cratesOf(servers, root)).toEqual([expect.anything()]);
  expect(cratesOf(servers, root)[0]).toMatchObject(expected(root));
});

test('every key of the schema is in one of the tables, or without effect by the one list of those', () => {
  const leaves = (entries: readonly Outline[]): string[] => entries.flatMap((entry) => entry.keys.length > 0 ? leaves(entry.keys) : [entry.path.join('.')]);
  const known = [...Object.keys(EFFECTS), ...Object.keys(BUILDS), ...ELSEWHERE, ...UNHEEDED.map(({ path }) => path.join('.'))];
  expect(leaves(outline(deploySchema)).filter((id) => !known.some((each) => id === each || id.startsWith(`${each}.`)))).toEqual([]);
});

test('a key that should have no effect changes nothing in the template', () => {
  const { template } = synthesize(withTable('[target]\ntype = "aws-lambda"\nversion = "1.0.0"'));
  expect(template.toJSON()).toEqual(synthesize().template.toJSON());
});

test('a key without effect is warned of, and only when it is used', () => {
  const yet = 'FILE:6:1: deployment.keep_versions is not honoured yet';
  const pending = UNHEEDED.some(({ path }) => path.join('.') === 'deployment.keep_versions');
  expect(warningsOf(withTable('[deployment]\nkeep_versions = 3'))).toEqual(pending ? [yet] : []);
  expect(warningsOf(withTable('[composition]\ninternal_only = true'))).toEqual([
    'FILE:6:1: composition.internal_only closes nothing on AWS, it is only a tag; [auth] decides who may call the server',
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
