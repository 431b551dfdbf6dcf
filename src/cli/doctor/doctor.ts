import { authChecks } from './auth-checks';
import { awsChecks, localCheck } from './aws-checks';
import { type Check, type Finding, ok, problem } from './check';
import { toolChecks } from './tool-checks';
import { openProject, type Project, type StageOptions } from '../project/project';
import { CliError } from '../util/errors';
import { colour, note, printJson, step } from '../util/terminal';

interface Examination {
  readonly title: string;
  readonly finding: Finding;
}

/**
 * Looks at all that a deployment needs, and mends what it can if asked to.
 *
 * @throws CliError when problems are left
 */
export async function examine(options: StageOptions & { readonly fix?: boolean; readonly json?: boolean }): Promise<void> {
  const { project, configuration } = await readConfiguration(options);
  const checks: Check[] = [
    { title: 'deploy.toml', look: async () => configuration },
    ...toolChecks(project),
    ...project ? [...awsChecks(project), ...authChecks(project)] : [],
    ...project?.local ? [] : [localCheck()],
  ];
  const examined: Examination[] = [];
  for (const { title, look } of checks) {
    let finding = await look();
    if (!options.json) show(title, finding);
    const { mend } = finding;
    if (options.fix && mend && finding.state !== 'ok') {
      finding = await mended(title, mend, look);
      if (!options.json) show(title, finding);
    }
    examined.push({ title, finding });
  }
  const problems = examined.filter(({ finding }) => finding.state === 'problem').length;
  if (options.json) {
    printJson({ ok: problems === 0, checks: examined.map(({ title, finding: { state, found, fix } }) => ({ title, state, found, fix })) });
  }
  if (problems > 0) {
    const mendable = !options.fix && examined.some(({ finding }) => finding.state === 'problem' && finding.mend);
    throw new CliError(`${problems} ${problems === 1 ? 'problem' : 'problems'} found`, { hint: mendable ? 'mend what can be mended with: npx pmcp-deploy doctor --fix' : undefined });
  }
}

/** What is found after mending; what can't be mended is a problem like others, and ends nothing. */
async function mended(title: string, mend: NonNullable<Finding['mend']>, look: Check['look']): Promise<Finding> {
  try {
    await step(`mending ${title}`, async ({ say }) => mend(say));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return problem(error.message, error.hint);
  }
  return look();
}

async function readConfiguration(options: StageOptions): Promise<{ project?: Project; configuration: Finding }> {
  try {
    const project = await openProject(options);
    return { project, configuration: ok(`${project.file.path}: ${project.serverName}, stage ${project.stage}, ${project.region}`) };
  } catch (error) {
    return { configuration: problem((error as Error).message, error instanceof CliError ? error.hint : undefined) };
  }
}

function show(title: string, { state, found, fix }: Finding): void {
  const mark = { ok: colour.green('✔'), warning: colour.yellow('!'), problem: colour.red('✖') }[state];
  note(`${mark} ${title.padEnd(16)}  ${found}`);
  if (fix && state !== 'ok') note(`  ${' '.repeat(16)}  ${colour.dim(fix)}`);
}
