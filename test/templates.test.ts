import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { McpAlarmConfig, McpAuth, McpMonitoringConfig, McpRustLambda, McpRustLambdaProps, McpSecretDelivery } from '../src';
import { synthesize as synthesizeToml } from './config/synth';
import { prebuilt } from './support/prebuilt';

/*
 * The whole templates of every feature. Construct ids are a contract: a change here is a change to stacks that people have deployed.
 */

const BASE = '[aws]\nregion = "eu-west-1"\naccount_id = "123456789012"\n[server]\nname = "hello"\n';

/** The dashboard is long, and the same in each. */
const withoutDashboard = (toml: string) => (toml.includes('[observability]') ? toml : `${toml}[observability]\ncreate_dashboard = false\n`);

/** A template as a line for each of its elements. Asset hashes depend on the machine's bundler, not on the constructs. */
function lines(template: Template): string {
  return Object.entries(template.toJSON() as Record<string, object>)
    .flatMap(([section, elements]) => Object.entries(elements).map(([id, element]) => `${section}.${id}: ${JSON.stringify(element)}`))
    .join('\n')
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH');
}

test.each<[what: string, toml: string]>([
  ['the required keys only', BASE],
  ['sizes and limits', `${BASE}memory_mb = 1024\ntimeout_seconds = 20\nephemeral_storage_mb = 1024\nreserved_concurrency = 5\narchitecture = "x86_64"\n`
    + 'mcp_path = "/"\nlog_level = "debug"\ndescription = "Says hello"\n[environment]\nCITY = "Bern"\n'],
  ['warm instances', `${BASE}provisioned_concurrency = 2\n`],
  ['grants', `${BASE}[[iam.tables]]\nname = "maps"\nactions = "readwrite"\ninclude_indexes = true\n[[iam.buckets]]\nname = "tiles"\nactions = "read"\n`
    + '[[iam.statements]]\neffect = "Allow"\nactions = ["sqs:SendMessage"]\nresources = ["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"]\n'],
  ['a dashboard and alarms', `${BASE}[observability]\ncreate_dashboard = true\nlog_retention_days = 90\n[observability.alarms]\nemails = ["ops@example.com"]\n`],
  ['no dashboard and no traces', `${BASE}[observability]\ncreate_dashboard = false\nenable_xray = false\n`],
  ['throttling and CORS', `${BASE}[api_gateway]\nrate_limit = 10\nburst_limit = 20\n[cors]\nallow_origins = ["https://app.example.com"]\n`],
  ['secrets', `${BASE}[secrets.FIRST_KEY]\n[secrets.SECOND_KEY]\ndelivery = "arn"\n`
    + 'kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"\n'],
  ['a gradual deployment', `${BASE}[deployment]\nstrategy = "canary10percent5minutes"\n`],
  ['tags', `${BASE}[tags]\n"cost center" = "42"\n`],
  ['IAM', `${BASE}[auth]\nenabled = true\nprovider = "iam"\n`],
  ['an OpenID Connect issuer', `${BASE}[auth]\nenabled = true\nprovider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "app"\n`
    + 'audience = "https://api.example.com"\nscopes = ["mcp/read"]\n'],
  ['Amazon Cognito', `${BASE}[auth]\nenabled = true\nprovider = "cognito"\n`],
  ['Amazon Cognito with registration', `${BASE}[auth]\nenabled = true\nprovider = "cognito"\n[auth.dcr]\nenabled = true\n`],
  ['several servers', `${BASE}[[servers]]\nname = "weather"\nbuild = { binary = "weather" }\n[[servers]]\nname = "maps"\nbuild = { binary = "maps" }\n`],
])('the template of a deploy.toml with %s', (_, toml) => {
  expect(lines(synthesizeToml(withoutDashboard(toml)).template)).toMatchSnapshot();
});

test.each<[what: string, props: (stack: Stack) => McpRustLambdaProps]>([
  ['nothing', () => ({})],
  ['a domain', (stack) => ({
    domain: { domainName: 'mcp.example.com', certificate: Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:eu-west-1:123456789012:certificate/1') },
  })],
  ['a secret by its ARN', (stack) => ({ secrets: { API_KEY: { secret: Secret.fromSecretNameV2(stack, 'Secret', 'api'), delivery: McpSecretDelivery.ARN } } })],
  ['monitoring', () => ({ monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled({ errorCount: 3, latency: Duration.seconds(2) }) }) })],
  ['CodeDeploy', () => ({ gradualDeployment: { deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES } })],
  ['tokens of an issuer', () => ({ auth: McpAuth.jwt({ issuer: 'https://login.example.com', scopes: ['mcp/read'] }) })],
  ['a machine client', () => ({ auth: McpAuth.cognito({ machineClient: true }) })],
  ['an existing user pool', (stack) => ({
    auth: McpAuth.cognito({ userPool: UserPool.fromUserPoolId(stack, 'Pool', 'eu-west-1_abcdefghi'), domainPrefix: 'mine' }),
  })],
])('the template of the construct with %s', (_, props) => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  new McpRustLambda(stack, 'Server', { code: prebuilt(), auth: McpAuth.none(), ...props(stack) });
  expect(lines(Template.fromStack(stack))).toMatchSnapshot();
});
