import fc from 'fast-check';
import { FORBIDDEN, PRIVILEGED } from '../../../src/config/rules/iam-guard/forbidden';
import { dangers, type Statement } from '../../../src/config/rules/iam-guard/guard';
import { exampleOf } from '../../../src/config/rules/iam-guard/kinds';
import { actionNames, PATHS } from '../../../src/config/rules/iam-guard/paths';
import { coversAction, coversUnnamed } from '../../../src/config/rules/iam-guard/patterns';
import { load, MINIMAL, problemsOf } from '../deploy-toml';

/** Actions and resources, each separated by spaces; further pairs are further statements. */
type Row = readonly [actions: string, resources: string, ...more: string[]];

const words = (text: string) => text.split(' ');

function statementsOf(row: Row): Statement[] {
  return Array.from({ length: row.length / 2 }, (_, index) => ({ effect: 'Allow', actions: words(row[2 * index]), resources: words(row[2 * index + 1]) }));
}

function tomlOf(statements: readonly Statement[]): string {
  return MINIMAL + statements.map(({ effect, actions, resources }) => (
    `[[iam.statements]]\neffect = "${effect}"\nactions = ${JSON.stringify(actions)}\nresources = ${JSON.stringify(resources)}\n`
  )).join('');
}

const IAM = 'arn:aws:iam::123456789012';
const HERE = '${AWS::Region}:${AWS::AccountId}';

/** The patterns that the review tried: all passed. */
const OF_THE_REVIEW: readonly Row[] = [
  ['*', `${IAM}:*`],
  ['*', 'arn:aws:lambda:*:*:function:*'],
  ['*', 'arn:aws:i*:*:*:*'],
  ['iam:*', `${IAM}:r*`],
  ['iam:PutRolePolicy', `${IAM}:*ole/*`],
  ['sts:AssumeRole', `${IAM}:role/?*a*`],
  ['sts:AssumeRole', `${IAM}:role/cdk-*`],
  ['lambda:*', 'arn:aws:lambda:*:*:function:*'],
  ['lambda:UpdateFunctionCode', 'arn:aws:lambda:*:*:function:*'],
  ['cloudformation:*', 'arn:aws:cloudformation:*:*:stack/*'],
  ['kms:*', 'arn:aws:kms:*:*:key/*'],
  ['s3:*', 'arn:aws:s3:::*'],
  ['ssm:SendCommand', '*'],
  ['ssm:StartSession', '*'],
  ['codebuild:StartBuild', '*'],
  ['codebuild:CreateProject', '*'],
  ['codebuild:UpdateProject', '*'],
  ['ecs:RunTask', '*'],
  ['ecs:ExecuteCommand', '*'],
  ['ecs:RegisterTaskDefinition', '*'],
  ['glue:CreateJob', '*'],
  ['glue:UpdateJob', '*'],
  ['states:CreateStateMachine', '*'],
  ['states:UpdateStateMachine', '*'],
  ['sagemaker:CreateTrainingJob', '*'],
  ['cloudformation:ExecuteChangeSet', '*'],
  ['cognito-idp:AdminSetUserPassword', '*'],
  ['cognito-identity:SetIdentityPoolRoles', '*'],
  ['secretsmanager:GetSecretValue', '*'],
  ['ssm:GetParameter*', '*'],
  ['dynamodb:PutResourcePolicy', '*'],
  ['cloudtrail:StopLogging', '*'],
];

const HARMFUL: readonly Row[] = [
  // All of something
  ['*', 'arn:aws:s3:::my-notes/*'],
  ['s3:GetObject *', 'arn:aws:s3:::my-notes/*'],
  ['sqs:*', 'arn:aws:s?s:*:*:*'],
  ['dynamodb:**', 'arn:aws:dynamodb:*:*:table/*'],
  ['logs:?*', 'arn:aws:logs:*:*:*'],
  ['firehose:*', '*'],
  // Identities and policies, named or not
  ['iam:PutRolePolicy', `${IAM}:role/jobs`],
  ['iam:CreatePolicyVersion', `${IAM}:policy/mine`],
  ['iam:AttachUser*', `${IAM}:user/ada`],
  ['iam:?ut*', `${IAM}:group/mine`],
  ['IAM:UPDATEASSUMEROLEPOLICY', `${IAM}:role/jobs`],
  ['iam:*RolePermissionsBoundary', `${IAM}:role/jobs`],
  ['iam:CreateAccessKey', `${IAM}:user/a*`],
  ['iam:CreateLoginProfile', `${IAM}:user/?`],
  ['iam:AddUserToGroup', `${IAM}:*`],
  ['iam:TagRole', 'arn:aws:iam::${AWS::AccountId}:role/${aws:PrincipalTag/team}'],
  ['iam:*Role', `${IAM}:role/service-role/*`],
  // Roles of others
  ['iam:PassRole', 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/my-*'],
  ['iam:Pass*', 'arn:*:iam::*:role/*'],
  ['iam:PassRole', `${IAM}:*jobs`],
  ['iam:PassRole', 'arn:aws:*:*:*:*role*'],
  ['sts:Assume*', 'arn:aws-us-gov:iam::*:role/job?'],
  ['sts:AssumeRole', 'arn:aws-cn:iam::999999999999:role/**'],
  ['sts:AssumeRole', 'arn:aws:iam::${AWS::AccountId}:role/cdk-hnb659fds-deploy-role-${AWS::AccountId}-${AWS::Region}'],
  ['sts:AssumeRole', `${IAM}:role/cdk-mine-cfn-exec-role-123456789012-eu-west-1`],
  ['iam:PassRole', `${IAM}:role/cdk-hnb659fds-cfn-exec-role-123456789012-eu-west-1`],
  ['sts:AssumeRole', 'arn:aws:iam::*:role/OrganizationAccountAccessRole'],
  ['sts:AssumeRole', `${IAM}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef`],
  ['sts:AssumeRoot', '*'],
  // Beyond the account
  ['organizations:LeaveOrganization', '*'],
  ['sso:CreateAccountAssignment', 'arn:aws:sso:::instance/ssoins-1'],
  ['identitystore:Create*', '*'],
  ['ram:CreateResourceShare', '*'],
  // Code of others
  ['lambda:Upd*', 'arn:aws:lambda:us-east-1:123456789012:function:a*'],
  ['lambda:AddPermission', 'arn:aws:lambda:us-east-1:123456789012:*:other*'],
  ['lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:*'],
  ['lambda:CreateFunction', 'arn:aws:lambda:*:*:function:my-*', 'iam:PassRole', `${IAM}:role/jobs`],
  ['cloudformation:UpdateStack', 'arn:aws:cloudformation:*:*:stack/hello/*'],
  ['cloudformation:CreateChangeSet', 'arn:aws:cloudformation:us-east-1:123456789012:stack/CDKToolkit/*'],
  ['cloudformation:DeleteStack', 'arn:aws:cloudformation:us-east-1:123456789012:stack/*/*'],
  ['s3:PutObject', 'arn:aws:s3:::*/*'],
  ['s3:Put*', 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-west-1/*'],
  ['s3:PutObject', 'arn:aws:s3:::c?k-*'],
  ['ecr:PutImage', 'arn:aws:ecr:*:*:repository/cdk-hnb659fds-container-assets-123456789012-eu-west-1'],
  ['ecs:RunTask', `arn:aws:ecs:${HERE}:task-definition/work*`, 'sqs:SendMessage', '*', 'iam:Pass*', `${IAM}:role/jobs`],
  ['ec2:RunInstances', `arn:aws:ec2:${HERE}:instance/*`],
  ['ssm:SendCommand', `arn:aws:ssm:${HERE}:document/AWS-RunShellScript arn:aws:ec2:*:*:instance/*`],
  ['ssm:StartAutomationExecution', `arn:aws:ssm:${HERE}:automation-definition/*:1`],
  ['glue:StartJobRun', 'arn:aws:glue:*:*:job/*'],
  ['states:StartExecution', 'arn:aws:states:*:*:*'],
  ['codebuild:Start*', `arn:aws:codebuild:${HERE}:project/pr?d`],
  ['apigateway:PATCH', 'arn:aws:apigateway:*::/apis/*'],
  // Secrets, keys, and what is open to whom
  ['secretsmanager:Get*', 'arn:aws:secretsmanager:*:*:secret:*-??????'],
  ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:*:*:secret:p*'],
  ['ssm:GetParametersByPath', 'arn:aws:ssm:*:*:parameter*'],
  ['ssm:Get*', `arn:aws:ssm:${HERE}:parameter/?roduction/*`],
  ['kms:Decrypt', 'arn:aws:kms:*:123456789012:key/mrk-*'],
  ['kms:CreateGrant', '*'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::*'],
  ['logs:DeleteLogGroup', 'arn:aws:logs:*:*:log-group:*:log-stream:*'],
];

const HARMLESS: readonly Row[] = [
  // Data
  ['dynamodb:GetItem dynamodb:PutItem dynamodb:Query', `arn:\${AWS::Partition}:dynamodb:${HERE}:table/notes`],
  ['dynamodb:*', `arn:aws:dynamodb:${HERE}:table/notes arn:aws:dynamodb:${HERE}:table/notes/index/*`],
  ['dynamodb:*', 'arn:aws:dynamodb:*:*:table/notes-*'],
  ['dynamodb:Scan', '*'],
  ['dynamodb:ListTables', '*'],
  ['s3:GetObject', '*'],
  ['s3:ListAllMyBuckets', '*'],
  ['s3:*', 'arn:aws:s3:::my-notes arn:aws:s3:::my-notes/*'],
  ['s3:PutObject s3:DeleteObject', 'arn:aws:s3:::my-*/*'],
  ['s3:PutObject', 'arn:aws:s3:::my-notes/${aws:userid}/*'],
  ['s3:GetObject s3:ListBucket', 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-us-east-1 arn:aws:s3:::cdk-hnb659fds-assets-123456789012-us-east-1/*'],
  ['rds-data:ExecuteStatement', `arn:aws:rds:${HERE}:cluster:notes`],
  ['athena:StartQueryExecution athena:GetQueryResults', `arn:aws:athena:${HERE}:workgroup/mine`],
  ['glue:GetTable glue:GetDatabase glue:GetPartitions', '*'],
  ['es:ESHttpGet es:ESHttpPost', `arn:aws:es:${HERE}:domain/notes/*`],
  ['aoss:APIAccessAll', `arn:aws:aoss:${HERE}:collection/abc`],
  ['kinesis:PutRecord', `arn:aws:kinesis:${HERE}:stream/clicks`],
  ['firehose:PutRecordBatch', `arn:aws:firehose:${HERE}:deliverystream/*`],
  // Messages and models
  ['sqs:SendMessage', '*'],
  ['sqs:*', `arn:aws:sqs:${HERE}:jobs`],
  ['sqs:*', `arn:aws:sqs:${HERE}:jobs-*`],
  ['sns:Publish', '*'],
  ['events:PutEvents', `arn:aws:events:${HERE}:event-bus/default`],
  ['events:PutRule events:PutTargets', `arn:aws:events:${HERE}:rule/reminder-*`],
  ['scheduler:CreateSchedule', `arn:aws:scheduler:${HERE}:schedule/default/*`, 'iam:PassRole', `${IAM}:role/reminders`],
  ['ses:SendEmail ses:SendRawEmail', '*'],
  ['bedrock:InvokeModel bedrock:InvokeModelWithResponseStream', '*'],
  ['bedrock:InvokeModel*', 'arn:aws:bedrock:*::foundation-model/anthropic.*'],
  ['bedrock:Retrieve', `arn:aws:bedrock:${HERE}:knowledge-base/*`],
  ['comprehend:Detect*', '*'],
  ['translate:TranslateText', '*'],
  ['textract:AnalyzeDocument', '*'],
  ['polly:SynthesizeSpeech', '*'],
  // Code that is named
  ['lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:resize`],
  ['lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:resize:*`],
  ['lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:img-*`],
  ['lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:resize'],
  ['lambda:UpdateFunctionCode', `arn:aws:lambda:${HERE}:function:resize`],
  ['lambda:List* lambda:Get*', '*'],
  ['states:StartExecution', `arn:aws:states:${HERE}:stateMachine:orders`],
  ['states:SendTaskSuccess states:SendTaskFailure', '*'],
  ['ecs:RunTask', `arn:aws:ecs:${HERE}:task-definition/worker:*`, 'iam:PassRole', `${IAM}:role/worker ${IAM}:role/worker-execution`],
  ['codebuild:StartBuild', `arn:aws:codebuild:${HERE}:project/site`],
  ['codebuild:BatchGetBuilds', '*'],
  ['batch:SubmitJob', `arn:aws:batch:${HERE}:job-definition/render:* arn:aws:batch:${HERE}:job-queue/night`],
  ['ssm:SendCommand', `arn:aws:ssm:${HERE}:document/AWS-RunShellScript arn:aws:ec2:${HERE}:instance/i-0123456789abcdef0`],
  ['cloudformation:Describe* cloudformation:List* cloudformation:Get*', '*'],
  // Roles that are named
  ['iam:PassRole', `${IAM}:role/jobs`],
  ['sts:AssumeRole', `${IAM}:role/jobs`],
  ['sts:AssumeRole', 'arn:aws:iam::*:role/inventory-reader'],
  ['sts:GetCallerIdentity sts:TagSession', '*'],
  ['iam:Get* iam:List* iam:Simulate*', '*'],
  ['iam:CreateServiceLinkedRole', 'arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*'],
  ['organizations:Describe* organizations:List*', '*'],
  // Secrets and keys that are named
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${HERE}:secret:myapp/*`],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${HERE}:secret:db-??????`],
  ['secretsmanager:ListSecrets secretsmanager:GetRandomPassword', '*'],
  ['ssm:GetParameter ssm:GetParametersByPath', `arn:aws:ssm:${HERE}:parameter/myapp/*`],
  ['ssm:DescribeParameters', '*'],
  ['kms:Decrypt kms:GenerateDataKey', `arn:aws:kms:${HERE}:key/01234567-89ab-cdef-0123-456789abcdef`],
  ['kms:GenerateDataKey kms:DescribeKey', '*'],
  // What is seen
  ['logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents', 'arn:aws:logs:*:*:*'],
  ['logs:FilterLogEvents logs:StartQuery logs:GetQueryResults', '*'],
  ['logs:*', `arn:aws:logs:${HERE}:log-group:/myapp/*`],
  ['logs:*', 'arn:aws:logs:us-east-1:*:log-group:/myapp:*'],
  ['xray:PutTraceSegments xray:PutTelemetryRecords', '*'],
  ['cloudwatch:PutMetricData cloudwatch:GetMetricData', '*'],
  ['ec2:Describe*', '*'],
  ['tag:GetResources', '*'],
  ['ce:GetCostAndUsage', '*'],
  ['cognito-idp:ListUsers cognito-idp:AdminGetUser', '*'],
  ['cognito-idp:Admin*', `arn:aws:cognito-idp:${HERE}:userpool/us-east-1_Abc`],
  ['cloudtrail:LookupEvents', '*'],
  ['execute-api:Invoke', `arn:aws:execute-api:${HERE}:abc123/*/POST/*`],
  ['route53:ListHostedZones', '*'],
];

const title = (row: Row) => [row.join(' | '), row] as const;

describe('security M3: what gives power over the account is refused, by what it covers', () => {
  test('the tables are as long as they should be', () => {
    expect([OF_THE_REVIEW.length, HARMFUL.length, HARMLESS.length]).toEqual([32, expect.any(Number), expect.any(Number)]);
    expect(Math.min(HARMFUL.length, HARMLESS.length)).toBeGreaterThanOrEqual(50);
  });

  test.each(OF_THE_REVIEW.map(title))('security M3: %s', (_, row) => expect(dangers(statementsOf(row))).not.toEqual([]));

  test.each(HARMFUL.map(title))('refused: %s', (_, row) => expect(dangers(statementsOf(row))).not.toEqual([]));

  test.each(HARMLESS.map(title))('allowed: %s', (_, row) => {
    expect(dangers(statementsOf(row))).toEqual([]);
    expect(load(tomlOf(statementsOf(row))).deployment.iam.statements).toHaveLength(row.length / 2);
  });

  test.each([...OF_THE_REVIEW, ...HARMFUL].map(title))('a statement that denies is not refused: %s', (_, row) => {
    expect(dangers(statementsOf(row).map((statement) => ({ ...statement, effect: 'Deny' })))).toEqual([]);
  });

  test.each([...PATHS, ...FORBIDDEN, ...PRIVILEGED].flatMap(({ actions }) => actionNames(actions)))('%s on everything is refused, by all its spellings', (action) => {
    const [service, name] = action.split(':');
    for (const pattern of [action, action.toUpperCase().replace(service.toUpperCase(), service), `${service}:${name.slice(0, -1)}?`, `${service}:*${name.slice(1)}`]) {
      expect({ pattern, found: dangers([{ effect: 'Allow', actions: [pattern], resources: ['*'] }]).length }).toEqual({ pattern, found: 1 });
      expect({ pattern, found: dangers([{ effect: 'Allow', actions: [pattern], resources: ['arn:*:*:*:*:*'] }]).length }).toEqual({ pattern, found: 1 });
    }
  });
});

describe('security M3: the message says what is wrong, where, and what to write', () => {
  test.each([
    [['iam:GetRole iam:Pass*', '*'], 'FILE:7:26: iam.statements[0].actions[1] allows "iam:Pass*" (that is, iam:PassRole too) on "*", which covers a role that it does not '
      + 'name: the server could let AWS services act for it with the rights of any role that they may use; name each, like '
      + '"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/NAME"'],
    [['s3:GetObject', '*', 'secretsmanager:GetSecretValue', '*'], 'FILE:11:12: iam.statements[1].actions[0] allows "secretsmanager:GetSecretValue" on "*", which covers a '
      + 'secret that it does not name: the server could read or change every secret of the account, keys of administrators included; name them, or how their '
      + 'names begin (3 characters or more), like "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:NAME-*"'],
    [['lambda:CreateFunction', 'arn:aws:lambda:*:*:function:my-*', 'iam:PassRole', `${IAM}:role/jobs`], 'FILE:7:12: iam.statements[0].actions[0] allows '
      + '"lambda:CreateFunction" on "arn:aws:lambda:*:*:function:my-*", which covers a function that it does not name: together with iam:PassRole, the server '
      + 'could run code of its own with rights that it was not given; name each, like "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:NAME"'],
    [['iam:PutRolePolicy', `${IAM}:role/jobs`], `FILE:7:12: iam.statements[0].actions[0] allows "iam:PutRolePolicy" on "${IAM}:role/jobs", which covers an identity or a `
      + 'policy: the server could give itself or others any right; leave it out, or name other resources'],
    [['organizations:LeaveOrganization', '*'], 'FILE:7:12: iam.statements[0].actions[0] allows "organizations:LeaveOrganization" on "*": the server could get power '
      + 'beyond the account; of organizations, only reading is allowed'],
  ] as const)('%s', (row, problem) => expect(problemsOf(tomlOf(statementsOf(row)))).toEqual([problem]));

  test('each action is reported at its own place, in the stages too', () => {
    const toml = `${MINIMAL}[[stages.prod.iam.statements]]\neffect = "Allow"\nactions = ["sts:AssumeRole", "s3:GetObject", "ssm:StartSession"]\nresources = ["*"]\n`;
    expect(problemsOf(toml).map((line) => line.split(' allows')[0])).toEqual([
      'FILE:7:12: stages.prod.iam.statements[0].actions[0]', 'FILE:7:46: stages.prod.iam.statements[0].actions[2]',
    ]);
  });
});

describe('security M3: patterns mean what they mean in IAM', () => {
  const regExp = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  const short = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ':', '*', '?'), maxLength: 8 });

  test('actions', () => {
    fc.assert(fc.property(short, fc.string({ unit: fc.constantFrom('a', 'B', ':'), maxLength: 8 }), (pattern, action) => {
      expect(coversAction(pattern, action)).toBe(regExp(pattern).test(action));
    }), { numRuns: 5000, seed: 1 });
  });

  // Whatever parts of a probe become wildcards, it is covered; when some of its name do, others are too.
  const probes = PATHS.flatMap(({ kinds }) => kinds).map((kind) => ({ kind, probe: exampleOf(kind, 'Abc/d-1').replaceAll(/\$\{AWS::\w+\}/g, 'x') }));
  test.each(probes.filter(({ kind }) => kind.behind === undefined).map(({ kind, probe }) => [probe, kind] as const))('%s, with parts of it as wildcards', (probe, kind) => {
    const place = fc.nat(probe.length - 1);
    const [few, runsOf] = [fc.array(place, { maxLength: 3 }), fc.array(fc.tuple(place, fc.nat(6)), { maxLength: 3 })];
    fc.assert(fc.property(few, runsOf, fc.nat(6), (singles, runs, inName) => {
      const chars = [...probe];
      for (const at of [...singles, probe.length - 1 - inName]) chars[at] = '?';
      for (const [from, length] of runs) chars.fill('', from, from + length + 1).fill('*', from, from + 1);
      const pattern = chars.join('');
      expect({ pattern, covers: coversUnnamed(pattern, kind, 'exact') }).toEqual({ pattern, covers: true });
    }), { numRuns: 100, seed: 2 });
  });
});

describe('security M3: no way around', () => {
  test.each(['not_actions = ["s3:GetObject"]', 'not_resources = ["*"]', 'NotAction = ["s3:GetObject"]', 'condition = {}', 'principals = ["*"]'])('%s is no key', (line) => {
    const key = line.split(' ')[0];
    expect(problemsOf(`${tomlOf(statementsOf(['s3:GetObject', '*']))}${line}\n`)).toEqual([expect.stringContaining(`unknown key "${key}"`)]);
  });

  test.each(['write', 'readwrite'])('[[iam.buckets]] does not write to the bucket that the CDK deploys from: %s', (access) => {
    const toml = `${MINIMAL}[[iam.buckets]]\nname = "cdk-hnb659fds-assets-123456789012-us-east-1"\nactions = "${access}"\n`;
    expect(problemsOf(toml)).toEqual([
      'FILE:6:8: iam.buckets[0].name is a bucket from which AWS tools deploy, like the CDK\'s: the server could put its own code and templates into deployments; '
      + 'use another bucket, or "read"',
    ]);
    expect(load(toml.replace(`"${access}"`, '"read"')).deployment.iam.buckets).toHaveLength(1);
    expect(load(toml.replace('cdk-hnb659fds-assets', 'my-assets')).deployment.iam.buckets).toHaveLength(1);
  });

  test('an ARN longer than IAM takes is refused', () => {
    expect(problemsOf(tomlOf(statementsOf(['s3:GetObject', `arn:aws:s3:::${'a'.repeat(2048)}`])))).toEqual([expect.stringMatching(/"\*" or an ARN of at most 2048 characters/)]);
  });

  test.each([['*?'.repeat(900)], ['a*'.repeat(900)], ['*a'.repeat(900)], ['?*:'.repeat(600)]])('many wildcards take no time', (name) => {
    const start = performance.now();
    dangers([{ effect: 'Allow', actions: ['iam:*a*', 'lambda:*e*', 'ssm:*', 's3:*t*'], resources: [`arn:${name.replace(/[a:]/g, '*')}:${name.replaceAll(':', '')}:*:*:${name}`] }]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
