import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { McpAuth, McpRustLambda, McpRustLambdaProps } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-prebuilt-'));
writeFileSync(join(folder, 'bootstrap'), 'not a real one');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Code that needs no build. */
export function prebuilt(): Code {
  return Code.fromAsset(folder);
}

type PropsOrMaker = McpRustLambdaProps | ((stack: Stack) => McpRustLambdaProps);

/** A public server in a stack of its own, and the stack's template. */
export function synthesize(props: PropsOrMaker = {}, context: Record<string, unknown> = {}) {
  const stack = new Stack(new App({ context }), 'Stack');
  const server = new McpRustLambda(stack, 'Server', { code: prebuilt(), auth: McpAuth.none(), ...(typeof props === 'function' ? props(stack) : props) });
  return { stack, server, template: Template.fromStack(stack) };
}

/** The statements of the role's policy. */
export function statements(template: Template): Array<Record<string, unknown>> {
  return Object.values(template.findResources('AWS::IAM::Policy', Match.anyValue())).flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}
