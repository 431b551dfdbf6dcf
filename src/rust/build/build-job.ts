import { dirname, resolve } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { assetListing, build } from './build';
import { stagedPath } from './cloud-assembly';
import { hashText } from '../../util/files';
import { toolEnvironment } from '../../util/process/which';
import { chooseTools, Tools } from '../builders/tools';
import { Artifact, isComplete, markUsed, publish, StoredBundle, storedPath } from '../cache/artifact-store';
import { findRecord, lastRecord, makeRecord, saveRecord } from '../cache/build-records';
import { SynthSession } from '../cache/synth-session';
import { cachedWorkspace } from '../cache/workspace-cache';
import { allBinaries, Binary, chooseBinary } from '../cargo/binaries';
import { checkFeaturesAndProfile } from '../cargo/check-features-and-profile';
import { CargoWorkspace } from '../cargo/metadata';
import { BuildSpec, OptionsSpec, specOfOptions } from '../fingerprint/fingerprint';
import { listedFiles } from '../fingerprint/listing';
import { BuildOptions } from '../options/options';

/** A binary of a workspace, as the user names it. Without names it is the only binary. */
export interface BinaryName {
  readonly binaryName?: string;
  readonly packageName?: string;
}

/** Binaries of a workspace that one run of cargo builds. */
export class BuildJob {
  public readonly binaries: Binary[];
  public readonly workspace: CargoWorkspace;
  private readonly env: NodeJS.ProcessEnv;
  private readonly tools: Tools;
  private readonly optionsSpec: OptionsSpec;
  /** Keys of the build records, one for each binary. */
  private readonly keys: string[];

  constructor(private readonly session: SynthSession, private readonly outdir: string, private readonly options: BuildOptions,
    names?: BinaryName[]) {
    const cwd = dirname(options.manifestPath);
    const environment = { ...options.environment };
    if (options.targetDirectory !== undefined) {
      environment.CARGO_TARGET_DIR = resolve(cwd, options.targetDirectory);
    }
    const variables = JSON.stringify(environment);
    this.env = session.memoize(`environment ${variables}`, () => toolEnvironment(environment));
    const toolsKey = JSON.stringify([
      cwd, options.compiler, options.target, options.flags, variables, options.forceDocker, options.dockerImage, options.docker,
    ]);
    this.tools = session.memoize(toolsKey, () => chooseTools(options, this.env));
    this.workspace = cachedWorkspace(session, options.manifestPath, this.env, () => this.tools.readWorkspace());
    this.binaries = names?.map((name) => chooseBinary(this.workspace, { ...options, ...name })) ?? allBinaries(this.workspace, options);
    this.optionsSpec = specOfOptions(options, this.env);
    this.keys = this.binaries.map((binary) => hashText(JSON.stringify([
      options.manifestPath, this.specOf(binary), options.targetDirectory, options.locked, options.assets, options.hookInputs,
      options.assetHashType, options.assetHash,
    ])));
  }

  /** Return the artifacts if all of them exist and are up to date. */
  public findArtifacts(): Artifact[] | undefined {
    if (this.options.assets) {
      // A glob that matches no file is an error, even if nothing has to be built.
      listedFiles(assetListing(this.options));
    }
    const known = this.session.artifacts.get(this.keys.join());
    if (known) {
      return known;
    }
    const artifacts: Artifact[] = [];
    for (const key of this.keys) {
      const record = this.options.assetHash === undefined
        ? findRecord(key, this.tools.versions(), this.session.files, this.env) : lastRecord(key);
      const artifact = record && this.restore(record.fingerprint, record.bundle);
      if (!artifact) {
        return undefined;
      }
      artifacts.push(artifact);
    }
    this.session.artifacts.set(this.keys.join(), artifacts);
    return artifacts;
  }

  /** Build all binaries, and save their records. */
  public build(): Artifact[] {
    checkFeaturesAndProfile(this.options, this.binaries, this.workspace.root, this.env);
    const builder = this.tools.builder(this.workspace, this.options);
    const finished = build(this.session, builder, this.options, this.binaries, (binary) => this.specOf(binary));
    return finished.map(({ bundle, inputs, fingerprint }, index) => {
      saveRecord(this.keys[index], makeRecord(fingerprint, builder.versions, inputs, this.session.files, this.env, bundle));
      return this.artifactOf(fingerprint, bundle);
    });
  }

  private specOf(binary: Binary): BuildSpec {
    return {
      ...this.optionsSpec,
      package: binary.package.name,
      binary: binary.name,
      together: this.binaries.length > 1 ? this.binaries.map((other) => `${other.package.name} ${other.name}`).sort() : undefined,
    };
  }

  /** Return an artifact of the store. If it was removed there, it is copied back from the cloud assembly. */
  private restore(fingerprint: string, bundle: StoredBundle): Artifact | undefined {
    const artifact = this.artifactOf(fingerprint, bundle);
    if (isComplete(artifact.path, bundle.files)) {
      markUsed(artifact.path);
      return artifact;
    }
    const staged = stagedPath(artifact.hash, this.outdir);
    if (!isComplete(staged, bundle.files)) {
      return undefined;
    }
    publish(staged, artifact.path, bundle.files);
    return artifact;
  }

  private artifactOf(fingerprint: string, bundle: StoredBundle): Artifact {
    const isOutput = this.options.assetHashType === AssetHashType.OUTPUT;
    return { hash: this.options.assetHash ?? (isOutput ? bundle.id : fingerprint), files: bundle.files, path: storedPath(bundle.id) };
  }
}
