import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project, ProjenrcFile } from 'projen';
import { PmcpDeployProjectOptions } from './options';

/** `.projenrc.ts`, which tsx runs. It is written once, with the options that `projen new` resolved. */
export class Projenrc extends ProjenrcFile {
  public readonly filePath = '.projenrc.ts';

  constructor(project: Project, private readonly options?: PmcpDeployProjectOptions) {
    super(project);
    project.defaultTask?.exec(`tsx ${this.filePath}`);
  }

  public synthesize() {
    const path = join(this.project.outdir, this.filePath);
    if (this.options && !existsSync(path)) {
      writeFileSync(path, render(this.options));
    }
  }
}

function render(options: PmcpDeployProjectOptions): string {
  const lines = Object.entries(options).filter(([, value]) => value !== undefined).map(([name, value]) => `  ${name}: ${literal(value)},`);
  return [
    "import { scaffold } from 'pmcp-deploy';",
    '',
    '// `npx projen` generates package.json, tsconfig.json and others from this file. deploy.toml, bin and lib are yours.',
    'const project = new scaffold.PmcpDeployProject({',
    ...lines,
    '});',
    '',
    'project.synth();',
    '',
  ].join('\n');
}

function literal(value: string | string[]): string {
  return Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : `'${value.replace(/['\\]/g, '\\$&')}'`;
}
