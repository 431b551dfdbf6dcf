import { join } from 'node:path';
import { findDeployFile } from '../../../src/cli/project/project';
import { TestProject } from '../support/project';

test.each(['.', '.pmcp', 'deploy', 'deploy/node_modules/aws-cdk'])('deploy.toml is found from %s', (folder) => {
  const { root } = new TestProject();
  expect(findDeployFile(join(root, folder))).toBe(join(root, '.pmcp', 'deploy.toml'));
});
