import { dirname, resolve } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { assetListing, build } from './build';
import { stagedPath } from './cloud-assembly';
import { hashText } from '../../util/files';
import { toolEnvironment } from '../../util/process/which';
import { chooseTools, Tools } from '../builders/tools';
import { Artifact, isComplete, publish, StoredBundle, storedPath, touch } from '../cache/artifact-store';
import { findRecord, lastRecord, makeRecord, saveRecord } from '../cache/build-records';
import { Session } from '../cache/session';
import { workspaceOf } from '../cache/workspaces';
import { allBinaries, Binary, chooseBinary } from '../cargo/binaries';
import { checkFeaturesAndProfile } from '../cargo/check-features-and-profile';
import { Workspace } from '../cargo/metadata';
import { describe } from '../fingerprint/fingerprint';
import { list } from '../fingerprint/listing';
import { BuildOptions } from '../options/options';

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
  private readonly tools: Tools;
  private readonly keys: string[];
  private readonly description: object;

  constructor(private readonly session: Session, private readonly outdir: string, private readonly options: BuildOptions,
    names?: BinaryName[]) {
    const cwd = dirname(options.manifestPath);
    const environment = { ...options.environment };
    if (options.targetDirectory !== undefined) {
      environment.CARGO_TARGET_DIR = resolve(cwd, options.targetDirectory);
    }
    const variables = JSON.stringify(environment);
    this.env = session.once(`environment ${variables}`, () => toolEnvironment(environment));
    const toolsKey = JSON.stringify([
      cwd, options.compiler, options.target, options.flags, variables, options.forceDocker, options.dockerImage, options.docker,
    ]);
    this.tools = session.once(toolsKey, () => chooseTools(options, this.env));
    this.workspace = workspaceOf(session, options.manifestPath, this.env, () => this.tools.readWorkspace());
    this.binaries = names?.map((name) => chooseBinary(this.workspace, { ...options, ...name })) ?? allBinaries(this.workspace, options);
    this.description = describe(options, this.env);
    this.keys = this.binaries.map((binary) => hashText(JSON.stringify([
      options.manifestPath, this.what(binary), options.targetDirectory, options.locked, options.assets, options.hookInputs,
      options.assetHashType, options.assetHash,
    ])));
  }

  /** The artifacts, when all of them are there and up to date. */
  public find(): Artifact[] | undefined {
    if (this.options.assets) {
      // An asset that is missing is an error even where nothing has to be built.
      list(assetListing(this.options));
    }
    const known = this.session.artifacts.get(this.keys.join());
    if (known) {
      return known;
    }
    const artifacts: Artifact[] = [];
    for (const key of this.keys) {
      const record = this.options.assetHash === undefined ? findRecord(key, this.tools.versions(), this.session.files, this.env) : lastRecord(key);
      const artifact = record && this.restore(record.fingerprint, record.bundle);
      if (!artifact) {
        return undefined;
      }
      artifacts.push(artifact);
    }
    this.session.artifacts.set(this.keys.join(), artifacts);
    return artifacts;
  }

  /** Builds all binaries. */
  public build(): Artifact[] {
    checkFeaturesAndProfile(this.options, this.binaries, this.workspace.root, this.env);
    const builder = this.tools.builder(this.workspace, this.options);
    const finished = build(this.session, builder, this.options, this.binaries, (binary) => this.what(binary));
    return finished.map(({ bundle, inputs, fingerprint }, index) => {
      saveRecord(this.keys[index], makeRecord(fingerprint, builder.versions, inputs, this.session.files, this.env, bundle));
      return this.artifact(fingerprint, bundle);
    });
  }

  private what(binary: Binary): object {
    return {
      ...this.description,
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
