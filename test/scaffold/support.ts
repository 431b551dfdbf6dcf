import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PmcpDeployProject, PmcpDeployProjectOptions } from '../../src/scaffold';

const folders: string[] = [];
const start = process.cwd();

/** Goes to a new folder with these files, as a user's terminal would be in it. */
export function enter(files: Record<string, string> = {}, name = 'weather'): string {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-scaffold-'))), name);
  folders.push(dirname(folder));
  mkdirSync(folder);
  write(folder, files);
  process.chdir(folder);
  return folder;
}

export function leave() {
  process.chdir(start);
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
}

export function write(folder: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What `projen new` does with a project type. */
export function create(options: PmcpDeployProjectOptions = {}): PmcpDeployProject {
  return synth({ outdir: process.cwd(), ...options, __new__: {} } as PmcpDeployProjectOptions);
}

/** What `npx projen` does with a .projenrc.ts. */
export function synth(options: PmcpDeployProjectOptions): PmcpDeployProject {
  const project = new PmcpDeployProject({ outdir: process.cwd(), ...options });
  // Without what follows the writing of the files: npm install.
  process.env.PROJEN_DISABLE_POST = 'true';
  project.synth();
  return project;
}

export function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf-8');
}

export function json(...path: string[]) {
  return JSON.parse(read(...path));
}

export function has(...path: string[]): boolean {
  return existsSync(join(...path));
}

/** Cargo.toml and source of a package. */
export function crate(name: string, folder = '.', binaries: string[] = []): Record<string, string> {
  return {
    [join(folder, 'Cargo.toml')]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`,
    ...Object.fromEntries((binaries.length > 0 ? binaries.map((bin) => `bin/${bin}.rs`) : ['main.rs'])
      .map((file) => [join(folder, 'src', file), 'fn main() {}\n'])),
  };
}
