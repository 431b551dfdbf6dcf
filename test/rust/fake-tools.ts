import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tools that record what they are asked, in a place of their own, and nothing else in PATH but a shell. */
export class FakeTools {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-fake-')));
  private readonly before = { ...process.env };

  constructor() {
    mkdirSync(this.path('bin'));
    mkdirSync(this.path('sysroot/lib/rustlib/x86_64-unknown-linux-gnu'), { recursive: true });
    mkdirSync(this.path('sysroot/lib/rustlib/aarch64-unknown-linux-gnu'), { recursive: true });
    process.env.PATH = `${this.path('bin')}:/usr/bin:/bin`;
    process.env.PMCP_DEPLOY_CACHE = this.path('cache');
    process.env.CARGO_HOME = this.path('cargo-home');
    process.env.CDK_DOCKER = this.path('bin/docker');
  }

  /** Removes everything, and restores the environment. */
  public restore(): void {
    for (const name of Object.keys(process.env)) {
      if (this.before[name] === undefined) {
        delete process.env[name];
      }
    }
    Object.assign(process.env, this.before);
    rmSync(this.folder, { recursive: true, force: true });
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  /** Adds a tool: its name and arguments are recorded, one a line, before its script runs. */
  public add(name: string, script: string): void {
    const file = this.path(`bin/${name}`);
    writeFileSync(file, `#!/bin/bash\n{ printf '${name}'; printf ' %q' "$@"; echo; } >> "${this.path('calls')}"\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Adds a tool chain that "builds": the binary is the text of its main.rs. */
  public addToolchain(): void {
    const version = 'rustc 1.95.0\\nrelease: 1.95.0\\ncommit-hash: abc\\n';
    this.add('rustc', `if [ "$1" = -vV ]; then printf '${version}'; else echo "${this.path('sysroot')}"; fi`);
    this.add('python3', 'echo \'{"version": "0.15.1", "zig_exe": "/none"}\'');
    this.add('cargo-lambda', 'exit 1');
    this.add('cargo', CARGO);
  }

  /** The recorded calls. */
  public calls(): string[] {
    const log = this.path('calls');
    return existsSync(log) ? readFileSync(log, 'utf-8').trimEnd().split('\n') : [];
  }

  /** Forgets the recorded calls. */
  public clear(): void {
    rmSync(this.path('calls'), { force: true });
  }

  /** Writes a crate, with what the fake cargo says of it. */
  public crate(name: string, bins: string[] = [name], features: string[] = []): string {
    const root = this.path(name);
    mkdirSync(join(root, 'src'), { recursive: true });
    writeFileSync(join(root, 'Cargo.toml'), `[package]\nname = "${name}"\n`);
    writeFileSync(join(root, 'src/main.rs'), 'fn main() {}');
    const metadata = {
      workspace_root: root,
      target_directory: join(root, 'target'),
      workspace_members: [name],
      packages: [{
        id: name,
        name,
        version: '0.1.0',
        manifest_path: join(root, 'Cargo.toml'),
        default_run: null,
        features: Object.fromEntries(features.map((feature) => [feature, []])),
        targets: bins.map((bin) => ({ name: bin, kind: ['bin'] })),
      }],
    };
    writeFileSync(join(root, 'metadata.json'), JSON.stringify(metadata));
    return root;
  }
}

/** Answers `metadata`, `lambda --version` and `lambda build` from the folder that it runs in. */
const CARGO = `
case "$1 $2" in
  "lambda --version") echo "cargo-lambda 1.9.2 (abc)"; exit;;
  "metadata "*) cat metadata.json; exit;;
esac
while [ $# -gt 0 ]; do
  case "$1" in
    --lambda-dir) dir=$2;;
    --bin) bins="$bins $2";;
  esac
  shift
done
root=$(pwd)
for bin in $bins; do
  mkdir -p "$dir/$bin" target/x/release/deps
  cp src/main.rs "$dir/$bin/bootstrap"
  cp src/main.rs "target/x/release/deps/$bin-0123456789abcdef"
  printf '%s: src/main.rs\\n\\nsrc/main.rs:\\n' "$bin" > "target/x/release/deps/$bin-0123456789abcdef.d"
  printf '{"reason":"compiler-artifact","package_id":"path+file://%s#0.1.0","manifest_path":"%s/Cargo.toml",' "$root" "$root"
  printf '"target":{"name":"%s","kind":["bin"]},"filenames":["%s/target/x/release/%s"]}\\n' "$bin" "$root" "$bin"
done
`;

/** Keeps a path in a text the same on every machine. */
export function without(folder: string, text: string): string {
  return text.split(folder).join('<folder>');
}

