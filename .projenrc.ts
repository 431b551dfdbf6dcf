import { JsonFile, awscdk, javascript } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'pmcp-deploy',
  description: 'Deploy MCP (Model Context Protocol) servers written in Rust to AWS Lambda: a CDK construct, a project type and a command line.',
  author: 'pmcp-deploy authors',
  authorAddress: 'maintainers@pmcp-deploy.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/pmcp-deploy/pmcp-deploy.git',
  keywords: ['aws', 'cdk', 'awscdk', 'aws-cdk', 'lambda', 'rust', 'cargo-lambda', 'mcp', 'model-context-protocol', 'projen', 'oauth', 'serverless'],
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  stability: 'experimental',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  // The oldest releases that we compile against; the scaffolded app of the end-to-end test runs on the newest.
  cdkVersion: '2.240.0',
  constructsVersion: '10.5.0',
  peerDeps: ['projen@>=0.101.4 <1'],
  bundledDeps: ['ignore@^7.0.5', 'picomatch@^4.0.3', 'fastest-levenshtein@^1.0.16', 'smol-toml@^1.9.1', 'toml-eslint-parser@^0.12.0', 'zod@^4.6.7'],
  devDeps: [
    '@modelcontextprotocol/sdk@^1.32.0', 'ajv@^8', 'fast-check@^4', '@types/picomatch', 'cargo-lambda-cdk@^0.0.36', 'esbuild', 'tsx', 'aws-cdk@^2.1148.1',
    // The command line is bundled, so users of the library do not install its dependencies.
    'commander@^14', '@clack/prompts@^1', 'chokidar@^4', 'cli-table3@^0.6', 'picocolors@^1', 'yocto-spinner@^1', 'yaml@^2',
    ...[
      'apigatewayv2', 'cloudformation', 'cloudwatch', 'cloudwatch-logs', 'cognito-identity-provider', 'dynamodb', 'iam', 'lambda', 'secrets-manager',
      'ssm', 'sts',
    ].map((client) => `@aws-sdk/client-${client}@^3.1100.0`),
    'aws-sdk-client-mock@^4',
    // Drives the sign-in page in the end-to-end tests.
    'playwright-core@^1.65',
  ],
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testPathIgnorePatterns: ['/node_modules/', '/src/', '/test/e2e/'],
      collectCoverage: false,
      // Jest would leave one processor idle.
      maxWorkers: '100%',
      // A slow machine is not an error.
      testTimeout: 30_000,
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      reporters: [new javascript.JestReporter('<rootDir>/test/support/closing-line.cjs')],
      // Types are checked once, by the "typecheck" task, instead of in every worker.
      transform: { '^.+\\.[t]sx?$': new javascript.Transform('ts-jest', { tsconfig: 'test/tsconfig.jest.json', diagnostics: false }) },
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'bench', 'demo', 'projenrc'], commandOptions: { fix: false } },
  // The command line is not part of the jsii API: esbuild bundles it into one file, bin/pmcp-deploy.js.
  excludeTypescript: ['src/cli/**', 'src/handlers/**'],
  bin: { 'pmcp-deploy': 'bin/pmcp-deploy.js' },
  autoDetectBin: false,
  gitignore: ['/bin/', '/.cache/', '/target/', '/templates/server/target/', '/coverage/', '.DS_Store'],
  publishToPypi: { distName: 'pmcp-deploy', module: 'pmcp_deploy' },
  publishToMaven: {
    javaPackage: 'io.github.pmcpdeploy',
    mavenGroupId: 'io.github.pmcp-deploy',
    mavenArtifactId: 'pmcp-deploy',
  },
  publishToGo: { moduleName: 'github.com/pmcp-deploy/pmcp-deploy-go' },
});

// The lock file must install from whatever registry the machine uses.
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

// Imports go one way: cli, scaffold -> config -> constructs -> rust -> util; nothing below imports projen, the CLI or an AWS SDK.
// In each of these lists, a folder may import what is in the lines after its own.
const LAYERS = [
  ['src/cli', 'src/scaffold'],
  ['src/config'],
  ['src/mcp-rust-lambda.ts'],
  ['src/mcp-rust-lambda-props.ts'],
  ['src/auth', 'src/monitoring', 'src/function'],
  ['src/endpoint'],
  ['src/mcp-server.ts', 'src/private'],
  ['src/rust'],
  ['src/util'],
];
const LAYERS_OF_RUST = [
  ['function.ts', 'extension.ts', 'workspace.ts'],
  ['code.ts'],
  ['build'],
  ['builders'],
  ['cache'],
  ['fingerprint'],
  ['cargo'],
  ['options'],
  ['crate-props.ts'],
  ['types.ts'],
].map((layer) => layer.map((path) => `src/rust/${path}`));
const LAYERS_OF_CONFIG = [
  ['mcp-server-stack.ts', 'template.ts'],
  ['deploy-config.ts'],
  ['props'],
  ['widgets'],
  ['load'],
  ['rules'],
  ['diagnostics'],
  ['schema', 'names.ts'],
].map((layer) => layer.map((path) => `src/config/${path}`));
const LAYERS_OF_CLI = [
  ['bin.ts'],
  ['main.ts'],
  ['program.ts'],
  ['commands'],
  ['dev', 'doctor'],
  ['connect', 'init', 'completion', 'users', 'logs', 'metrics', 'deploy'],
  ['versions'],
  ['checks'],
  ['login', 'secrets'],
  ['stack'],
  ['project'],
  ['local'],
  ['aws'],
  ['util'],
].map((layer) => layer.map((path) => `src/cli/${path}`));

/** A layer may import those below it, and itself; its neighbours it may not. */
function zones(layers: readonly string[][]) {
  return layers.flatMap((layer, index) => layer.map((target) => ({
    target: `./${target}`,
    from: [...layers.slice(0, index).flat(), ...layer.filter((neighbour) => neighbour !== target)].map((path) => `./${path}`),
    message: `${target} may not import this: imports go one way (docs/architecture.md)`,
  }))).filter(({ from }) => from.length > 0);
}

project.eslint?.addRules({
  'import/no-restricted-paths': ['error', { zones: [LAYERS, LAYERS_OF_RUST, LAYERS_OF_CONFIG, LAYERS_OF_CLI].flatMap(zones) }],
  'import/no-cycle': ['error', { ignoreExternal: true }],
  // The resolver does not know wildcards with an extension in a package's exports; the type check does.
  'import/no-unresolved': ['error', { ignore: ['^@modelcontextprotocol/sdk/'] }],
});
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/cli/**', 'src/scaffold/**', 'src/handlers/**'],
  rules: { 'no-restricted-imports': ['error', { patterns: ['projen', 'projen/*', '@aws-sdk/*'] }] },
});

// The command line is bundled: what it imports are development dependencies.
// Bundled, or there in Lambda's Node.js: no dependencies of the library.
project.eslint?.addOverride({ files: ['src/cli/**/*.ts', 'src/handlers/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });

// Untrusted text must not control a terminal: only the files that are excluded here write to one, and they escape it.
const TERMINAL = 'Write with the functions of src/cli/util/terminal.ts or src/util/stderr.ts: they escape untrusted text.';
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/handlers/**', 'src/cli/**/terminal.ts', 'src/util/**'],
  rules: {
    'no-console': 'error',
    'no-restricted-properties': ['error', ...['stdout', 'stderr'].map((property) => ({ object: 'process', property, message: TERMINAL }))],
    'no-restricted-syntax': ['error', ...[
      'ImportDeclaration[source.value=/^(node:)?(process|console|tty)$/]',
      'CallExpression[callee.property.name=/^_raw/]',
      ...[1, 2].map((descriptor) => (
        `CallExpression:matches([callee.name=/^write/], [callee.property.name=/^write/])[arguments.0.value=${descriptor}]`
      )),
      // What a child process inherits, it writes as it likes.
      'Literal[value="inherit"]',
      ...[1, 2].map((descriptor) => `Property[key.name="stdio"] Literal[value=${descriptor}]`),
    ].map((selector) => ({ selector, message: TERMINAL }))],
  },
});

const testTsconfig = project.tryFindObjectFile('test/tsconfig.json');
testTsconfig?.addOverride('compilerOptions.isolatedModules', true);
// Jest has no import() of its own; compiled to CommonJS it is a lazy require.
testTsconfig?.addOverride('compilerOptions.module', 'commonjs');
testTsconfig?.addOverride('compilerOptions.moduleResolution', 'bundler');

// jsii's configuration leaves out the command line, so ESLint reads the one that sees everything.
const eslintrc = project.tryFindObjectFile('.eslintrc.json');
eslintrc?.addDeletionOverride('parserOptions.projectService');
eslintrc?.addOverride('parserOptions.project', './tsconfig.check.json');

// Of 1.13.0 the registry did not serve the binaries of most platforms, and "npm ci" then refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

const bundleCli = project.addTask('bundle:cli', {
  description: 'Bundle the command line into bin/pmcp-deploy.js',
  exec: 'tsx projenrc/bundle-cli.ts',
});
project.preCompileTask.spawn(bundleCli);
project.preCompileTask.spawn(project.addTask('bundle:handlers', {
  description: 'Bundle the functions of the sign-in into lib/handlers',
  exec: 'tsx projenrc/bundle-handlers.ts',
}));
project.preCompileTask.spawn(project.addTask('reference', {
  description: 'Make docs/deploy-toml.md and schema/deploy.schema.json from the schema of deploy.toml',
  exec: 'tsx projenrc/deploy-toml.ts',
}));

for (const path of ['/bench/', '/demo/', '/.cache/', '/target/', '/.ci/', '/templates/server/target/']) project.addPackageIgnore(path);

// jsii sees neither the command line nor the tests; this sees everything.
new JsonFile(project, 'tsconfig.check.json', {
  obj: {
    extends: './tsconfig.json',
    // The command line is bundled: its lazy imports are resolved as bundlers do.
    compilerOptions: { noEmit: true, rootDir: '.', module: 'preserve', moduleResolution: 'bundler' },
    include: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'demo/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules'],
  },
});
const layout = project.addTask('lint:layout', {
  description: 'Check for circles of imports, crowded folders and long lines in src, which the rules of ESLint do not see',
  exec: 'tsx projenrc/lint/layout.ts',
});
const words = project.addTask('lint:words', {
  description: 'Find the words that docs/style.md rules out', exec: 'tsx projenrc/lint/words.ts', receiveArgs: true,
});
const lint = project.addTask('lint', { description: 'Run all linters' });
for (const task of [project.eslint!.eslintTask, layout, words]) lint.spawn(task);

project.addTask('typecheck', { description: 'Check the types of sources, command line, tests and benches', exec: 'tsc -p tsconfig.check.json' });
project.addPackageIgnore('/tsconfig.check.json');
project.addPackageIgnore('/.jsii.tabl.json');
project.addPackageIgnore('/rosetta/');
// jsii compiles "export * as scaffold" into an eager require; it becomes a getter.
const bundleLazy = project.addTask('bundle:lazy', {
  description: 'Make the compiled index load the project type on first use only',
  exec: 'tsx projenrc/lazy-scaffold.ts',
});
project.postCompileTask.prependSpawn(bundleLazy);
project.postCompileTask.exec('jsii-rosetta extract .jsii --compile --fail', { name: 'compile the examples of the README and of the docstrings' });
project.gitignore.exclude('.jsii.tabl.json');

// Jest has no import() of its own: in the tests it becomes a require.
new JsonFile(project, 'test/tsconfig.jest.json', {
  obj: { extends: './tsconfig.json', compilerOptions: { module: 'commonjs', moduleResolution: 'bundler' } },
});
project.addPackageIgnore('/test/tsconfig.jest.json');

new JsonFile(project, 'jest.e2e.config.json', {
  obj: {
    testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
    transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.jest.json', diagnostics: false }] },
    globalSetup: '<rootDir>/test/e2e/support/global-setup.ts',
    reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
    testSequencer: '<rootDir>/test/e2e/support/sequencer.cjs',
    // Each worker has a local AWS of its own.
    maxWorkers: 2,
    testTimeout: 900_000,
  },
});
project.addPackageIgnore('/jest.e2e.config.json');
const e2e = project.addTask('test:e2e', {
  description: 'Run the end-to-end tests: real cargo-lambda, a local AWS, a real MCP client',
  exec: 'jest -c jest.e2e.config.json',
  receiveArgs: true,
});

// Types and style take one processor each; the tests take all.
const [unit] = project.testTask.steps;
project.testTask.reset('tsx projenrc/side-by-side.ts typecheck lint', { name: 'check types and style' });
project.testTask.exec(unit.exec!, { receiveArgs: true });
project.testTask.spawn(e2e);

project.addTask('bench', {
  description: 'Measure the bundler side by side with cargo-lambda-cdk, and the time that loading the package takes',
  exec: 'tsx bench/bundler.ts',
  receiveArgs: true,
});

project.addTask('demo', {
  description: 'The main job, end to end, on this machine: package, scaffold, build, deploy to a local AWS, call a tool',
  exec: 'tsx demo/demo.ts',
  receiveArgs: true,
});

project.synth();
