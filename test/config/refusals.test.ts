import * as z from 'zod';
import { errorOf, load, MINIMAL, problemsOf, warningsOf } from './deploy-toml';
import { dotted } from '../../src/config/diagnostics/issues';
import { deploySchema } from '../../src/config/schema';
import { type Outline, outline } from '../../src/config/schema/outline';
import { unwrap } from '../../src/config/schema/types';
import { stringify } from '../../src/util/smol-toml';

const base = { aws: { region: 'us-east-1' }, server: { name: 'hello' } };

/** The least valid file with a value put in at a path of the schema, and the path of that value in the file. */
function withValue(entry: Outline, value: unknown): { toml: string; path: (string | number)[] } {
  const table: Record<string, unknown> = structuredClone(base);
  const path: (string | number)[] = [];
  let at: any = table;
  let type: any = deploySchema;
  for (const [index, key] of entry.path.entries()) {
    type = unwrap(type.shape[key]);
    path.push(key);
    if (index === entry.path.length - 1) {
      at[key] = value;
    } else if (type instanceof z.ZodArray) {
      at = (at[key] = [{}])[0];
      type = type.element;
      path.push(0);
    } else if (type instanceof z.ZodRecord) {
      at = (at[key] = { NAME: {} } as any).NAME;
      type = type.valueType;
      path.push('NAME');
    } else {
      at = at[key] ??= {};
    }
  }
  return { toml: stringify(table), path };
}

const all = (entries: readonly Outline[]): Outline[] => entries.flatMap((entry) => [entry, ...all(entry.keys)]);
const keys = all(outline(deploySchema)).filter(({ path }) => path[0] !== 'stages' && path[0] !== 'servers');

describe('a value of the wrong type is refused, with what is allowed', () => {
  test.each(keys.map((entry) => [entry.path.join('.'), entry] as const))('%s', (_, entry) => {
    const wrong = entry.kind === 'value' ? { wrong: 1 } : 1;
    const { toml, path } = withValue(entry, wrong);
    const isSensitive = path.at(-1) === 'client_secret';
    const received = isSensitive ? 'something else' : entry.kind === 'value' ? 'a table' : '1';
    expect(problemsOf(toml).map((line) => line.replace(/^FILE:\d+:\d+: /, ''))).toContain(`${dotted(path)} must be ${entry.allowed}; received ${received}`);
  });
});

const SERVER = MINIMAL;
const IAM = (effect: string, actions: string, resources: string) => (
  `${MINIMAL}[[iam.statements]]\neffect = "${effect}"\nactions = ${actions}\nresources = ${resources}\n`
);

describe('what is out of range or of a wrong form is refused', () => {
  test.each([
    [`${SERVER}memory_mb = 127`, 'FILE:5:13: server.memory_mb must be a whole number from 128 to 10240 (MB); received 127'],
    [`${SERVER}memory_mb = 512.5`, 'FILE:5:13: server.memory_mb must be a whole number from 128 to 10240 (MB); received 512.5'],
    [`${SERVER}memory_mb = "512"`, 'FILE:5:13: server.memory_mb must be a whole number from 128 to 10240 (MB); received "512" (leave the quotes out)'],
    [`${SERVER}timeout_seconds = 0`, 'FILE:5:19: server.timeout_seconds must be a whole number from 1 to 900 (seconds); received 0'],
    [`${SERVER}ephemeral_storage_mb = 511`, 'FILE:5:24: server.ephemeral_storage_mb must be a whole number from 512 to 10240 (MB); received 511'],
    [`${SERVER}reserved_concurrency = -1`, 'FILE:5:24: server.reserved_concurrency must be a whole number from 0 to 100000; received -1'],
    [`${SERVER}architecture = "arm"`, 'FILE:5:16: server.architecture must be one of "arm64", "x86_64"; received "arm"'],
    [`${SERVER}log_level = true`, 'FILE:5:13: server.log_level must be one of "trace", "debug", "info", "warn", "error", "off"; received true'],
    [`${SERVER}mcp_path = "/.well-known/x"`, 'FILE:5:12: server.mcp_path must not be below /.well-known, which is reserved for OAuth discovery'],
    [`${SERVER}reserved_concurrency = 1\nprovisioned_concurrency = 2`,
      'FILE:6:27: server.provisioned_concurrency is 2, more than server.reserved_concurrency, which is 1'],
    [SERVER.replace('hello', '1st'), 'FILE:4:8: server.name must be a name that starts with a letter and has only letters, digits, hyphens and underscores (at most 100); received "1st"'],
    [`${SERVER}[environment]\nLAMBDA_TASK_ROOT = "x"`, 'FILE:6:1: "LAMBDA_TASK_ROOT" in [environment] is reserved by Lambda; choose another name'],
    [`${SERVER}[environment]\nPORT = 8080`, 'FILE:6:8: environment.PORT must be a string; received 8080 (put it in quotes)'],
    [`${SERVER}[environment]\nBIG = "${'x'.repeat(4094)}"`, 'FILE:5:2: environment must have at most 4096 bytes, names and values together: this is Lambda\'s limit'],
    [`${SERVER}[environment]\nMCP_PATH = "/x"`, 'FILE:6:12: environment.MCP_PATH is "/x", but server.mcp_path is "/mcp"; remove it, it is set from mcp_path'],
    [`${SERVER}[environment]\nMCP_AUTH_MODE = "none"`, 'FILE:6:17: environment.MCP_AUTH_MODE is set from [auth]; remove it'],
    [`${SERVER}[environment]\nMCP_ALLOWED_ORIGINS = "https://a.example"\n[cors]\nallow_origins = ["https://b.example"]\n`,
      'FILE:6:23: environment.MCP_ALLOWED_ORIGINS is set from cors.allow_origins; remove it'],
    [`${SERVER}[environment]\nKEY = "x"\n[secrets.KEY]\n`, 'FILE:6:7: environment.KEY is also declared in [secrets.KEY]; the value of a secret must not be in this file'],
    [`${SERVER}[environment]\nKEY_SECRET_ARN = "x"\n[secrets.KEY]\ndelivery = "arn"\n`, 'FILE:6:18: environment.KEY_SECRET_ARN is set by [secrets.KEY], whose delivery is "arn"; remove it'],
    [`${SERVER}log_level = "debug"\n[secrets.RUST_LOG]\n`, 'FILE:6:10: secrets.RUST_LOG sets RUST_LOG, which server.log_level sets; choose another name'],
    [`${SERVER}[secrets.MCP_PATH]\n`, 'FILE:5:10: secrets.MCP_PATH sets MCP_PATH, which server.mcp_path sets; choose another name'],
    [`${SERVER}[secrets.MCP_AUTH_MODE]\n`, 'FILE:5:10: secrets.MCP_AUTH_MODE sets MCP_AUTH_MODE, which [auth] sets; choose another name'],
    [`${SERVER}[secrets.MCP_ALLOWED_ORIGINS]\n`, 'FILE:5:10: secrets.MCP_ALLOWED_ORIGINS sets MCP_ALLOWED_ORIGINS, which cors.allow_origins sets; choose another name'],
    [`${SERVER}[secrets.AWS_REGION]\n`, 'FILE:5:10: "AWS_REGION" in [secrets] is reserved by Lambda; choose another name'],
    [`${SERVER}[build]\nflags = ["--verbose", "--bin=x"]`, 'FILE:6:23: build.flags[1] "--bin=x" cannot be given: use binaryName (in deploy.toml: [build] binary)'],
    [`${SERVER}[build]\nflags = ["--jobs"]`, 'FILE:6:10: build.flags[0] "--jobs" needs a value: give it as the next argument of the list'],
    [`${SERVER}[build]\nflags = ["--config", "a; b"]`, 'FILE:6:22: build.flags[1] has characters of a shell command, but no shell runs it; give one argument of cargo'],
    [`${SERVER}[build]\nflags = ["--x86-64"]`, 'FILE:6:9: build.flags ask for the target "x86_64-unknown-linux-gnu", but server.architecture is "arm64", whose targets begin with "aarch64-unknown-linux"'],
    [`${SERVER}[environment]\nX1 = "\${Token[AWS.Region.1]}"`, 'FILE:6:6: environment.X1 must not have "${Token[", which the CDK uses as a marker'],
    [`${SERVER}[target]\ntype = "cloudflare"`, 'FILE:6:8: target.type must be "aws-lambda" (the only target of this tool); received "cloudflare"'],
    [`${SERVER}[target]\nversion = "2.0.0"`, 'FILE:6:11: target.version must be a version of the file format that this tool supports: "1.0.0"; received "2.0.0"'],
    [`${SERVER}[assets]\ninclude = ["../secret"]`, 'FILE:6:12: assets.include[0] must not leave base_dir with ".."'],
    [`${SERVER}[assets]\ninclude = ["/etc/passwd"]`, 'FILE:6:12: assets.include[0] must be relative to base_dir'],
    [`${SERVER}[[widgets]]\npath = "ui"\nbuild = "npm run build"`,
      'FILE:7:9: widgets[0].build must be an array of arguments, like ["npm", "run", "build"]; received "npm run build"'],
    [`${SERVER}[cors]\nallow_origins = ["*"]`,
      'FILE:6:18: cors.allow_origins[0] must be an origin, like "https://app.example.com": a scheme, a host and optionally a port, without wildcards; received "*"'],
    [`${SERVER}[domain]\nname = "mcp.example.com"\ncertificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/a"`,
      'FILE:7:19: domain.certificate_arn must be in the region of the stack, us-east-1; received "arn:aws:acm:eu-west-1:123456789012:certificate/a"'],
    [`${SERVER}[tags]\n"aws:x" = "1"`, 'FILE:6:1: "aws:x" in [tags] must be a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not starting with "aws:"'],
    [`${SERVER}[[servers]]\nname = "a-b"\n[[servers]]\nname = "ab"`, 'FILE:8:8: servers[1].name is "ab", as is the name of servers[0]; only letters and digits count'],
    [`${SERVER}[domain]\nname = "mcp.example.com"\ncertificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"\n[[servers]]\nname = "a"\n[[servers]]\nname = "b"`,
      'FILE:6:8: domain.name is "mcp.example.com" for both a and b; use a separate domain name for each of [[servers]]'],
    [`${SERVER}[auth]\nenabled = true\nprovider = "cognito"\n[auth.cognito]\ndomain = "people"\n[[servers]]\nname = "a"\n[[servers]]\nname = "b"`,
      'FILE:9:10: auth.cognito.domain is "people" for both a and b; use a separate sign-in domain for each of [[servers]]'],
    [`${SERVER}[auth]\nenabled = true\nprovider = "cognito"\nuser_pool_id = "us-east-1_A"\ncognito = { domain = "people" }\n[[servers]]\nname = "a"\n[[servers]]\nname = "b"`,
      'FILE:9:11: auth.cognito.resource_server_id is "mcp of us-east-1_A" for both a and b; use a separate resource server in a user pool for each of [[servers]]'],
    [`${SERVER}[stages.default]\n`, 'FILE:5:9: "default" in [stages] must be the name of a stage: a letter, then letters, digits and hyphens (at most 20), and not "default"'],
    [`${SERVER}[[servers]]\nname = "weather"\n[[stages.prod.servers]]\nname = "waether"`,
      'FILE:8:8: stages.prod.servers[0].name is "waether", which is not in [[servers]]; did you mean "weather"?'],
  ])('%s', (toml, problem) => expect(problemsOf(toml)).toEqual([problem]));
});

describe('an unknown key is refused, with the nearest known one', () => {
  test.each([
    [`${SERVER}memory = 512`, 'FILE:5:1: unknown key "memory" in [server]; did you mean "memory_mb"?'],
    [`${SERVER}timeout = 5`, 'FILE:5:1: unknown key "timeout" in [server]; did you mean "timeout_seconds"?'],
    [`${SERVER}[api-gateway]`, 'FILE:5:2: unknown key "api-gateway"; did you mean "api_gateway"?'],
    [`${SERVER}[stages.prod.sever]\n`, 'FILE:5:14: unknown key "sever" in [stages.prod]; did you mean "server"?'],
    [`${SERVER}[[servers]]\nname = "a"\nmemroy_mb = 1`, 'FILE:7:1: unknown key "memroy_mb" in [servers[0]]; did you mean "memory_mb"?'],
    [`${SERVER}[cors]\nallow_origins = ["https://a.example"]\nxyz = 1`,
      'FILE:7:1: unknown key "xyz" in [cors]; known are allow_origins, allow_headers, expose_headers, allow_credentials, max_age_seconds'],
    [`${SERVER}"__proto__" = 1`, 'FILE:5:1: server.__proto__ cannot be used as a name'],
  ])('%s', (toml, problem) => expect(problemsOf(toml)).toEqual([problem]));
});

describe('IAM statements that would give the server power over the account are refused', () => {
  test.each([
    ['["*"]', '["*"]', 0, 'allows every action on "*"; name the actions that the server needs'],
    ['["*", "s3:Get*"]', '["*"]', 0, 'allows every action on "*"; name the actions that the server needs'],
    ['["s3:Get*", "*"]', '["arn:aws:s3:::a", "*"]', 1, 'allows every action on "arn:aws:s3:::a"; name the actions that the server needs'],
    ['["*"]', '["arn:aws:*:*:*:*"]', 0, 'allows every action on "arn:aws:*:*:*:*"; name the actions that the server needs'],
    ['["iam:*"]', '["*"]', 0, 'allows every action of iam on "*"; name the actions that the server needs, or the resources'],
    ['["IAM:**"]', '["*"]', 0, 'allows every action of iam on "*"; name the actions that the server needs, or the resources'],
    ['["iam:*"]', '["arn:aws:iam::123456789012:role/*"]', 0,
      'allows every action of iam on "arn:aws:iam::123456789012:role/*"; name the actions that the server needs, or the resources'],
    ['["dynamodb:*"]', '["*"]', 0, 'allows every action of dynamodb on "*"; name the actions that the server needs, or the resources'],
    ['["iam:PassRole"]', '["*"]', 0, /^allows "iam:PassRole" on "\*", which covers a role that it does not name: the server could .+; name each, like ".+:role\/NAME"$/],
    ['["sts:AssumeRole"]', '["arn:aws:iam::*:role/*"]', 0, /^allows "sts:AssumeRole" on "arn:aws:iam::\*:role\/\*", which covers a role that it does not name/],
    ['["lambda:Update*"]', '["*"]', 0, /^allows "lambda:Update\*" \(that is, lambda:UpdateFunctionCode too\) on "\*", which covers a function that it does not name/],
    ['["iam:GetRole", "iam:?ut*"]', '["*"]', 1, /^allows "iam:\?ut\*" \(that is, iam:PutGroupPolicy too\) on "\*", which covers an identity or a policy/],
  ])('%s on %s', (actions, resources, index, why) => {
    const [problem, ...others] = problemsOf(IAM('Allow', actions, resources));
    const place = `FILE:7:${'actions = ['.length + 1 + (index === 0 ? 0 : actions.indexOf(', ') + 1)}: iam.statements[0].actions[${index}] `;
    expect(others).toEqual([]);
    expect(problem.slice(0, place.length)).toBe(place);
    expect(problem.slice(place.length)).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
  });

  test.each([
    ['Allow', '["s3:GetObject"]', '["*"]'],
    ['Allow', '["iam:GetRole", "iam:List*"]', '["*"]'],
    ['Allow', '["iam:PassRole"]', '["arn:aws:iam::123456789012:role/jobs"]'],
    ['Allow', '["sqs:*"]', '["arn:aws:sqs:us-east-1:123456789012:jobs"]'],
    ['Deny', '["*"]', '["*"]'],
  ])('but %s %s on %s is not', (effect, actions, resources) => {
    expect(load(IAM(effect, actions, resources)).deployment.iam.statements).toHaveLength(1);
  });

  test.each([
    ['"Permit"', '["s3:GetObject"]', '["*"]', 'FILE:6:10: iam.statements[0].effect must be one of "Allow", "Deny"; received "Permit"'],
    ['"Allow"', '[]', '["*"]', 'FILE:7:11: iam.statements[0].actions must be an array of actions; received an empty array'],
    ['"Allow"', '["s3:GetObject"]', '[]', 'FILE:8:13: iam.statements[0].resources must be an array of ARNs; received an empty array'],
    ['"Allow"', '["GetObject"]', '["*"]', 'FILE:7:12: iam.statements[0].actions[0] must be an action: service:Action, like "s3:GetObject"; received "GetObject"'],
    ['"Allow"', '["s3:GetObject"]', '["my-bucket"]', 'FILE:8:14: iam.statements[0].resources[0] must be "*" or an ARN, '
      + 'like "arn:aws:sqs:us-east-1:123456789012:jobs" (it can have ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId})'],
  ])('a statement of a wrong form is refused: %s %s %s', (effect, actions, resources, problem) => {
    expect(problemsOf(`${MINIMAL}[[iam.statements]]\neffect = ${effect}\nactions = ${actions}\nresources = ${resources}\n`)).toEqual([problem]);
  });
});

test('a region that is not known is warned of', () => {
  expect(warningsOf(MINIMAL.replace('us-east-1', 'us-esat-1'))).toEqual([
    'FILE:2:10: aws.region is "us-esat-1", an unknown region; did you mean "us-east-1"?',
  ]);
});

test.each(['12345678', '"12345678'])('a secret is not shown, wherever the file has it: client_secret = %s', (value) => {
  const message = errorOf(`${MINIMAL}[auth.oidc]\nissuer = "https://a.example"\nclient_id = "a"\nclient_secret = ${value}\n`);
  expect(message).toMatch(/client_secret = "?\*{8}$/m);
  expect(message).not.toContain('12345678');
});
