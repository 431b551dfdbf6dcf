import { IConstruct } from 'constructs';
import { Artifact } from './artifact-store';
import { Workspace } from '../cargo/metadata';
import { Files } from '../fingerprint/file-stats';

/**
 * What was found out during the synth of one app: its files are taken to stay as they are, except for what a build changes.
 *
 * Another app in the same process looks again, since a test may well have changed a source in between.
 */
export class Session {
  public static of(scope: IConstruct): Session {
    const root = scope.node.root;
    const session = Session.all.get(root) ?? new Session();
    Session.all.set(root, session);
    return session;
  }

  private static readonly all = new WeakMap<IConstruct, Session>();

  public readonly files = new Files();
  public readonly workspaces: { readonly env: string; readonly workspace: Workspace }[] = [];
  /** Artifacts that are known to be up to date, by what they were asked for with. */
  public readonly artifacts = new Map<string, Artifact[]>();
  private readonly known = new Map<string, unknown>();

  /** What was found out before, or finds it out now. */
  public once<T>(key: string, find: () => T): T {
    if (!this.known.has(key)) {
      this.known.set(key, find());
    }
    return this.known.get(key) as T;
  }

  /** Forgets what a build may have changed. */
  public forgetFiles(): void {
    this.files.forget();
  }
}
