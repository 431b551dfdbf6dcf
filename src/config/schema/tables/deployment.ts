import { bool, int, listOf, oneOf, table, text } from '../types';

export const postDeployTests = table({
  enabled: bool().default(true).meta({ description: 'Tests the endpoint after each deployment.' }),
  checks: listOf(oneOf(['connectivity', 'conformance', 'apps']), 'checks').default(['connectivity', 'conformance', 'apps']).meta({
    description: 'What is tested: connectivity always, since the others need it.',
    examples: [['connectivity', 'conformance', 'apps']],
  }),
  apps_mode: text().optional().meta({ description: 'How MCP apps are tested, for mcp-tester.', examples: ['standard'] }),
  on_failure: oneOf(['fail', 'warn', 'rollback']).default('fail').meta({
    description: 'What a failed test does: "fail", "warn", or "rollback" to the version before.',
    examples: ['fail'],
  }),
  timeout_seconds: int(1, 3600, 'seconds').default(60).meta({ description: 'Seconds that the tests may take.', examples: [60] }),
  warmup_grace_ms: int(0, 600_000, 'milliseconds').default(2000).meta({ description: 'Milliseconds to wait before the first test.', examples: [2000] }),
}).meta({ description: 'Tests after each deployment.' });

export const deployment = table({
  strategy: oneOf([
    'all-at-once', 'canary10percent5minutes', 'canary10percent10minutes', 'canary10percent15minutes', 'canary10percent30minutes',
    'linear10percentevery1minute', 'linear10percentevery2minutes', 'linear10percentevery3minutes', 'linear10percentevery10minutes',
  ]).default('all-at-once').meta({
    description: 'How traffic moves to a new version.',
    examples: ['canary10percent5minutes'],
  }),
  keep_versions: int(1, 100, 'versions').default(10).meta({
    description: 'How many old versions are kept for a rollback.',
    examples: [10],
  }),
}).meta({ description: 'How a new version goes live.' });
