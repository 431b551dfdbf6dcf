import { IConstruct } from 'constructs';
import { Artifact } from './artifact-store';
import { CargoWorkspace } from '../cargo/metadata';
import { FileStats } from '../fingerprint/file-stats';

/**
 * Results that the constructs of one app share during synthesis. Files are assumed not to change in that time, except by builds.
 *
 * Another app in the same process has another session, since a test can change sources between two apps.
 */
export class SynthSession {
  public static of(scope: IConstruct): SynthSession {
    const root = scope.node.root;
    const session = SynthSession.all.get(root) ?? new SynthSession();
    SynthSession.all.set(root, session);
    return session;
  }

  private static readonly all = new WeakMap<IConstruct, SynthSession>();

  public readonly files = new FileStats();
  public readonly workspaces: { readonly env: string; readonly workspace: CargoWorkspace }[] = [];
  /** Artifacts that are known to be up to date, by the keys of their build job. */
  public readonly artifacts = new Map<string, Artifact[]>();
  private readonly memoized = new Map<string, unknown>();

  /** Memoize the result of `find` by key. */
  public memoize<T>(key: string, find: () => T): T {
    if (!this.memoized.has(key)) {
      this.memoized.set(key, find());
    }
    return this.memoized.get(key) as T;
  }

  /** Forget the files that a build may have changed. */
  public forgetFiles(): void {
    this.files.forget();
  }
}
