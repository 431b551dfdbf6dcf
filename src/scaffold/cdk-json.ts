/**
 * A new cdk.json, with the feature flags that aws-cdk-lib recommends at that time.
 *
 * Written once, like `cdk init` does: flags that changed later would change what is deployed.
 */
export function cdkJson(): string {
  const json = {
    // Plain node starts half a second sooner than npx.
    app: 'node --require tsx/cjs bin/app.ts',
    context: recommendedFlags(),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function recommendedFlags(): Record<string, unknown> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- aws-cdk-lib is a peer dependency
  return require('aws-cdk-lib/recommended-feature-flags.json');
}
