import { bool, int, listOf, oneOf, table, text } from '../types';

export const postDeployTests = table({
  enabled: bool().default(true).meta({ description: 'If true, the endpoint is tested after each deployment.' }),
  checks: listOf(oneOf(['connectivity', 'conformance', 'apps']), 'checks').default(['connectivity', 'conformance', 'apps']).meta({
    description: 'Checks to run. Connectivity is always checked, because the others need it.',
    examples: [['connectivity', 'conformance', 'apps']],
  }),
  apps_mode: text().optional().meta({ description: 'How mcp-tester tests MCP apps.', examples: ['standard'] }),
  on_failure: oneOf(['fail', 'warn', 'rollback']).default('fail').meta({
    description: 'Reaction to a failed test: "fail", "warn", or "rollback" to the previous version.',
    examples: ['fail'],
  }),
  timeout_seconds: int(1, 3600, 'seconds').default(60).meta({ description: 'Timeout of the tests in seconds.', examples: [60] }),
  warmup_grace_ms: int(0, 600_000, 'milliseconds').default(2000).meta({
    description: 'Delay before the first test in milliseconds.',
    examples: [2000],
  }),
}).meta({ description: 'Tests after each deployment.' });

export const deployment = table({
  strategy: oneOf([
    'all-at-once', 'canary10percent5minutes', 'canary10percent10minutes', 'canary10percent15minutes', 'canary10percent30minutes',
    'linear10percentevery1minute', 'linear10percentevery2minutes', 'linear10percentevery3minutes', 'linear10percentevery10minutes',
  ]).default('all-at-once').meta({
    description: 'How traffic shifts to a new version.',
    examples: ['canary10percent5minutes'],
  }),
  keep_versions: int(1, 100, 'versions').default(10).meta({
    description: 'Number of old versions to keep for a rollback.',
    examples: [10],
  }),
}).meta({ description: 'Rollout of new versions.' });
