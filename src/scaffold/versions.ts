/** What the scaffolded CDK app is made with. Caret ranges move with `npm update`; aws-cdk 3 is not tried out yet. */
export const DEV_DEPENDENCIES = [
  '@types/node@^20',
  'aws-cdk-lib@^2.276.0',
  'aws-cdk@^2.1148.1',
  'constructs@^10.8.1',
  'tsx@^4.23.0',
  'typescript@~6.0.3',
];

export const NODE_VERSION = '20.0.0';
