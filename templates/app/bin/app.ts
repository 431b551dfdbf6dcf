import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DeployConfig } from 'pmcp-deploy';
import { ServerStack } from '../lib/stack';

try {
  const app = new App();
  // `-c stage=prod` takes the values of [stages.prod].
  const stage: string | undefined = app.node.tryGetContext('stage');
  const config = DeployConfig.load(join(__dirname, '<server-root>', '.pmcp', 'deploy.toml'), { stage });
  new ServerStack(app, config.stackName, config);
  app.synth();
} catch (error) {
  // Mistakes in deploy.toml or in the crate have their message for a stack; everything else shows where it came from.
  console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
}
