import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path of a template. The folder is next to src and lib. */
export function template(...path: string[]): string {
  return join(__dirname, '..', '..', 'templates', ...path);
}

/** Text of a template, with `<names>` replaced. */
export function render(path: string[], values: Record<string, string>): string {
  return readFileSync(template(...path), 'utf-8').replace(/<([a-z-]+)>/g, (placeholder, name) => values[name] ?? placeholder);
}

/** Development dependencies of the scaffolded app. `npm update` follows caret ranges. aws-cdk 3 has not been tested. */
export const DEV_DEPENDENCIES = [
  '@types/node@^20',
  'aws-cdk-lib@^2.276.0',
  'aws-cdk@^2.1148.1',
  'constructs@^10.8.1',
  'tsx@^4.23.0',
  'typescript@~6.0.3',
];

export const NODE_VERSION = '20.0.0';

/**
 * Text of a new cdk.json, with the feature flags that aws-cdk-lib recommends.
 *
 * It is written once, as by `cdk init`: later changes of flags would change what is deployed.
 */
export function cdkJson(): string {
  const json = {
    // node starts half a second faster than npx.
    app: 'node --require tsx/cjs bin/app.ts',
    context: recommendedFlags(),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function recommendedFlags(): Record<string, unknown> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- aws-cdk-lib is a peer dependency
  return require('aws-cdk-lib/recommended-feature-flags.json');
}
