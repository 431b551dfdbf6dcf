import { App, Stack } from 'aws-cdk-lib';
import { RustCompiler, RustFunction } from '../../../src/rust';

/** An app with a function for each binary, for tests that need a process of its own. */
const { manifestPath, outdir, profile, binaryNames = [undefined] } = JSON.parse(process.argv[2]);
const app = new App({ outdir });
const stack = new Stack(app, 'Stack');
binaryNames.forEach((binaryName: string | undefined, index: number) => {
  new RustFunction(stack, `Function${index}`, { manifestPath, binaryName, bundling: { profile, compiler: RustCompiler.CARGO } });
});
app.synth();
