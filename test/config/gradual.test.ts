import { MINIMAL } from './deploy-toml';
import { synthesize } from './synth';
import { deployment } from '../../src/config/schema/tables/deployment';
import { unwrap } from '../../src/config/schema/types';

const strategies = (unwrap(deployment.shape.strategy) as unknown as { options: string[] }).options;

test('versions go live at once unless the file says otherwise', () => {
  synthesize().template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
});

test.each(strategies.filter((each) => each !== 'all-at-once'))('strategy %s is left to CodeDeploy', (strategy) => {
  const { template } = synthesize(`${MINIMAL}[deployment]\nstrategy = "${strategy}"\n`);
  const [group] = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
  expect(group.Properties.DeploymentConfigName.toLowerCase()).toContain(strategy.replace(/minutes?$/, 'minute'));
});

test('provisioned_concurrency keeps instances of the live version warm', () => {
  synthesize(MINIMAL.replace('[server]', '[server]\nprovisioned_concurrency = 2')).template.hasResourceProperties('AWS::Lambda::Alias', {
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
  });
});
