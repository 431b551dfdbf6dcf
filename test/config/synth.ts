import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MINIMAL, serverFolder } from './deploy-toml';
import { DeployConfig, McpServerStack } from '../../src';

/** The stack of a deploy.toml of this text; nothing is built. */
export function synthesize(toml: string = MINIMAL, stage?: string, files: Record<string, string> = {}) {
  const root = serverFolder(toml, { 'Cargo.toml': '[package]\nname = "hello"\nversion = "1.0.0"\n', 'src/main.rs': 'fn main() {}\n', ...files });
  const config = DeployConfig.load(join(root, '.pmcp', 'deploy.toml'), { stage });
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new McpServerStack(app, 'Stack', { config });
  return { stack, template: Template.fromStack(stack) };
}

/** The function's properties in that stack. */
export function functionOf(toml: string, stage?: string): Record<string, any> {
  const functions = synthesize(toml, stage).template.findResources('AWS::Lambda::Function');
  expect(Object.keys(functions)).toHaveLength(1);
  return Object.values(functions)[0].Properties;
}
