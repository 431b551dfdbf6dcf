import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError, type DeployFile, loadDeployFile } from '../../src/config/load/deploy-file';

/** The least that a deploy.toml must say. */
export const MINIMAL = '[aws]\nregion = "us-east-1"\n[server]\nname = "hello"\n';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A server's root folder with a deploy.toml and perhaps other files. */
export function serverFolder(toml: string | Buffer, files: Record<string, string> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-config-')));
  folders.push(root);
  for (const [path, content] of Object.entries({ '.pmcp/deploy.toml': toml, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Loads a deploy.toml of this text. */
export function load(toml: string | Buffer, stage?: string): DeployFile {
  return loadDeployFile(join(serverFolder(toml), '.pmcp', 'deploy.toml'), { stage });
}

/** The message of the error that a deploy.toml of this text gives, with `FILE` for its path. */
export function errorOf(toml: string | Buffer, stage?: string): string {
  const path = join(serverFolder(toml), '.pmcp', 'deploy.toml');
  try {
    loadDeployFile(path, { stage });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).stack).toBe((error as Error).message);
    return (error as Error).message.replaceAll(path, 'FILE');
  }
  throw new Error('the file is valid');
}

/** The first lines of the error's findings: without the excerpts. */
export function problemsOf(toml: string, stage?: string): string[] {
  return errorOf(toml, stage).split('\n').filter((line) => line.startsWith('FILE'));
}

/** The first lines of the warnings, with `FILE` for the path. */
export function warningsOf(toml: string, stage?: string): string[] {
  const file = load(toml, stage);
  return file.warnings.map(({ message }) => message.replaceAll(file.path, 'FILE').split('\n')[0]);
}
