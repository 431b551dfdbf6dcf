// The app that the bench synthesizes. It is plain JavaScript, so that no time goes into compiling it.
const { join, resolve } = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const { Architecture, Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');

const { variant, servers, root, outdir, profile } = JSON.parse(process.argv[2]);
const names = Array.from({ length: servers }, (_, index) => `server${index}`);
const app = new App({ outdir });
const stack = new Stack(app, 'Stack');
const architecture = Architecture.X86_64;

const makers = {
  prebuilt: () => (name) => new Function(stack, name, {
    architecture, runtime: Runtime.PROVIDED_AL2023, handler: 'bootstrap', code: Code.fromAsset(join(root, 'prebuilt', name)),
  }),
  functions: () => {
    const { RustFunction } = require(resolve(__dirname, '..', 'lib'));
    return (name) => new RustFunction(stack, name, { architecture, manifestPath: join(root, 'servers', name), bundling: { profile } });
  },
  workspace: () => {
    const { RustFunction, RustWorkspace } = require(resolve(__dirname, '..', 'lib'));
    const workspace = new RustWorkspace({ manifestPath: root, bundling: { profile } });
    return (name) => new RustFunction(stack, name, { architecture, code: workspace.code(name) });
  },
  peer: () => {
    const { RustFunction } = require('cargo-lambda-cdk');
    return (name) => new RustFunction(stack, name, { architecture, manifestPath: join(root, 'servers', name), bundling: { profile } });
  },
};
names.forEach(makers[variant]());
app.synth();
process.stdout.write(JSON.stringify({ memory: process.resourceUsage().maxRSS / 1024 }));
