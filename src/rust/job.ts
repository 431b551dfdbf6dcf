import { dirname } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { assetListing, build } from './build';
import { Builder, LocalBuilder } from './builder';
import { Binary, chooseBinary } from './choose';
import { hashText } from './files';
import { describe } from './fingerprint';
import { list } from './listing';
import { readWorkspace, Workspace } from './metadata';
import { BuildOptions, compilerOf } from './options';
import { findRecord, lastRecord, makeRecord, saveRecord } from './record';
import { Session } from './session';
import { stagedPath } from './stage';
import { Artifact, isComplete, publish, StoredBundle, storedPath, touch } from './store';
import { checkTarget, findToolchain, Toolchain } from './toolchain';
import { checkNames } from './unknown';
import { toolEnvironment } from './which';
import { workspaceOf } from './workspace-memory';

/** A binary of a workspace, as the user names it; without names it is the only one there is. */
export interface BinaryName {
  readonly binaryName?: string;
  readonly packageName?: string;
}

/** Binaries of a workspace that one run of cargo builds. */
export class Job {
  public readonly binaries: Binary[];
  public readonly workspace: Workspace;
  private readonly env: NodeJS.ProcessEnv;
  private readonly toolchain: Toolchain;
  private readonly keys: string[];

  constructor(private readonly session: Session, private readonly outdir: string, private readonly options: BuildOptions, names: BinaryName[]) {
    const cwd = dirname(options.manifestPath);
    const variables = JSON.stringify(options.environment);
    this.env = session.once(`environment ${variables}`, () => toolEnvironment(options.environment));
    this.toolchain = session.once(`toolchain ${cwd} ${options.compiler} ${variables}`, () => findToolchain(cwd, this.env, compilerOf(options, this.env)));
    this.workspace = workspaceOf(session, options.manifestPath, this.env, () => readWorkspace(options.manifestPath, this.env));
    this.binaries = names.map((name) => chooseBinary(this.workspace, { ...options, ...name }));
    this.keys = this.binaries.map((binary) => hashText(JSON.stringify([
      options.manifestPath, this.what(binary), options.targetDirectory, options.locked, options.assets, options.hookInputs, options.assetHashType, options.assetHash,
    ])));
  }

  /** The artifacts, when all of them are there and up to date. */
  public find(): Artifact[] | undefined {
    if (this.options.assets) {
      // An asset that is missing is an error even where nothing has to be built.
      list(assetListing(this.options));
    }
    const artifacts: Artifact[] = [];
    for (const key of this.keys) {
      const record = this.options.assetHash === undefined ? findRecord(key, this.toolchain.versions, this.session.files, this.env) : lastRecord(key);
      const artifact = record && this.restore(record.fingerprint, record.bundle);
      if (!artifact) {
        return undefined;
      }
      artifacts.push(artifact);
    }
    return artifacts;
  }

  /** Builds all binaries. */
  public build(): Artifact[] {
    checkTarget(this.toolchain, this.options.target, this.options.flags);
    checkNames(this.options, this.binaries, this.workspace.root, this.env);
    const builder: Builder = new LocalBuilder(this.workspace, this.toolchain.versions, this.env, this.options);
    const finished = build(this.session, builder, this.options, this.binaries, (binary) => this.what(binary));
    return finished.map(({ bundle, inputs, fingerprint }, index) => {
      saveRecord(this.keys[index], makeRecord(fingerprint, builder.versions, inputs, this.session.files, this.env, bundle));
      return this.artifact(fingerprint, bundle);
    });
  }

  private what(binary: Binary): object {
    return {
      ...describe(this.options, this.env),
      package: binary.package.name,
      binary: binary.name,
      // What is built together shares the features of its dependencies.
      together: this.binaries.length > 1 ? this.binaries.map((other) => `${other.package.name} ${other.name}`).sort() : undefined,
    };
  }

  private restore(fingerprint: string, bundle: StoredBundle): Artifact | undefined {
    const artifact = this.artifact(fingerprint, bundle);
    if (isComplete(artifact.path, bundle.files)) {
      touch(artifact.path);
      return artifact;
    }
    const staged = stagedPath(artifact.hash, this.outdir);
    if (!isComplete(staged, bundle.files)) {
      return undefined;
    }
    publish(staged, artifact.path, bundle.files);
    return artifact;
  }

  private artifact(fingerprint: string, bundle: StoredBundle): Artifact {
    const isOutput = this.options.assetHashType === AssetHashType.OUTPUT;
    return { hash: this.options.assetHash ?? (isOutput ? bundle.id : fingerprint), files: bundle.files, path: storedPath(bundle.id) };
  }
}
