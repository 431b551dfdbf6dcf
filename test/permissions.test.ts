import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { synthesize } from './support/prebuilt';
import { actionsOf, FREE_OPERATIONS, IMPLIED, PERMISSIONS, permissionsDocument, policyOf } from '../projenrc/permissions';
import { McpAuth, McpRegistrationConfig } from '../src';
import { createProgram } from '../src/cli/program';

const root = join(__dirname, '..');
const cli = join(root, 'src', 'cli');

/** The prefix of a service's actions, by the SDK's client. */
const SERVICES: Readonly<Record<string, string>> = {
  'cloudformation': 'cloudformation',
  'cloudwatch': 'cloudwatch',
  'cloudwatch-logs': 'logs',
  'cognito-identity-provider': 'cognito-idp',
  'lambda': 'lambda',
  'secrets-manager': 'secretsmanager',
  'ssm': 'ssm',
  'sts': 'sts',
};

/** The operations that a source can call: what it imports, or passes on, of the SDK's commands and paginators. */
function operationsIn(text: string): string[] {
  return [...text.matchAll(/^(?:import|export) \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/gm)].flatMap(([, names, client]) => (
    names.split(',').map((name) => name.trim()).flatMap((name) => {
      const operation = /^(?!type )(?:paginate(\w+)|(\w+)Command)$/.exec(name);
      return operation ? [`${SERVICES[client]}:${operation[1] ?? operation[2]}`] : [];
    })
  ));
}

const sources = readdirSync(cli, { recursive: true, encoding: 'utf-8' }).filter((path) => path.endsWith('.ts')).map((path) => readFileSync(join(cli, path), 'utf-8'));
const called = new Set(sources.flatMap(operationsIn));
const listed = new Set(Object.keys(PERMISSIONS).flatMap(actionsOf));

describe('aws B7: what each command needs of AWS is in the documents', () => {
  test('aws B7: docs/permissions.md is made from the lists (npx projen reference)', () => {
    expect(readFileSync(join(root, 'docs', 'permissions.md'), 'utf-8')).toBe(permissionsDocument());
  });

  test('aws B7: every command is in the lists, and nothing else', () => {
    const commands = createProgram().commands.map((command) => command.name());
    expect(Object.keys(PERMISSIONS).sort()).toEqual([...commands].sort());
  });

  test('aws B7: every operation that the code can call is in the lists, and every one of the lists is called', () => {
    expect(called.size).toBeGreaterThan(25);
    expect([...called].filter((operation) => !listed.has(operation) && !FREE_OPERATIONS.has(operation))).toEqual([]);
    expect([...listed].filter((action) => !called.has(action) && !IMPLIED.has(action))).toEqual([]);
    expect([...FREE_OPERATIONS].filter((operation) => !called.has(operation))).toEqual([]);
  });

  test('the search for operations sees imports and paginators, and no types', () => {
    expect(operationsIn('import {\n  GetFooCommand,\n  type BarCommand,\n  paginateListBaz,\n} from \'@aws-sdk/client-lambda\';\n'
      + 'import type { QuxCommand } from \'@aws-sdk/client-ssm\';')).toEqual(['lambda:GetFoo', 'lambda:ListBaz']);
    expect(sources.some((text) => /import\('@aws-sdk\//.test(text))).toBe(false);
  });

  test.each(Object.keys(PERMISSIONS).filter((command) => policyOf(command)))('the policy of %s fits into a managed policy, and names what it can', (command) => {
    const policy = policyOf(command) as { Statement: Array<{ Effect: 'Allow'; Action: string[]; Resource: string[] }> };
    expect(JSON.stringify(policy).length).toBeLessThan(6144);
    for (const { Action, Resource } of policy.Statement) {
      expect(Action.filter((action) => /[*?]/.test(action))).toEqual([]);
      for (const arn of Resource) expect(arn).toMatch(/^\*$|[/:](weather|pmcp-deploy\/weather|aws\/lambda\/weather|eu-west-1_EXAMPLE|cdk-)/);
    }
  });
});

test('security M3: a permissions boundary, as the documents attach it, holds all roles of a stack with a sign-in', () => {
  const { template } = synthesize((stack) => {
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'mcp-servers'));
    return { auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }) };
  });
  const roles = Object.values(template.findResources('AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThan(1);
  for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/mcp-servers');
});
