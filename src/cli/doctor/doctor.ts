import { authChecks } from './auth-checks';
import { awsChecks, localCheck } from './aws-checks';
import { type Check, type Diagnosis, ok, problem } from './check';
import { toolChecks } from './tool-checks';
import { openProject, type Project, type StageOptions } from '../project/project';
import { CliError } from '../util/errors';
import { colour, note, printJson, step } from '../util/terminal';

interface CheckResult {
  readonly title: string;
  readonly diagnosis: Diagnosis;
}

/**
 * Check everything that a deployment needs, and fix what can be fixed safely if `fix` is true.
 *
 * @throws CliError if problems are left
 */
export async function runDoctor(options: StageOptions & { readonly fix?: boolean; readonly json?: boolean }): Promise<void> {
  const { project, configuration } = await readConfiguration(options);
  const checks: Check[] = [
    { title: 'deploy.toml', diagnose: async () => configuration },
    ...toolChecks(project),
    ...project ? [...awsChecks(project), ...authChecks(project)] : [],
    ...project?.local ? [] : [localCheck()],
  ];
  const results: CheckResult[] = [];
  for (const { title, diagnose } of checks) {
    let diagnosis = await diagnose();
    if (!options.json) printDiagnosis(title, diagnosis);
    const { fix } = diagnosis;
    if (options.fix && fix && diagnosis.state !== 'ok') {
      diagnosis = await applyFix(title, fix, diagnose);
      if (!options.json) printDiagnosis(title, diagnosis);
    }
    results.push({ title, diagnosis });
  }
  const problems = results.filter(({ diagnosis }) => diagnosis.state === 'problem');
  if (options.json) {
    // Programs read the hint as "fix".
    const checked = results.map(({ title, diagnosis: { state, found, hint } }) => ({ title, state, found, fix: hint }));
    printJson({ ok: problems.length === 0, checks: checked });
  }
  if (problems.length > 0) {
    const isFixable = !options.fix && problems.some(({ diagnosis }) => diagnosis.fix);
    throw new CliError(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} found`, {
      hint: isFixable ? 'fix what can be fixed safely: npx pmcp-deploy doctor --fix' : undefined,
    });
  }
}

/** Apply a fix and check again. A failed fix is a problem, and the other checks still run. */
async function applyFix(title: string, fix: NonNullable<Diagnosis['fix']>, diagnose: Check['diagnose']): Promise<Diagnosis> {
  try {
    await step(`fixing ${title}`, async ({ say }) => fix(say));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return problem(error.message, error.hint);
  }
  return diagnose();
}

async function readConfiguration(options: StageOptions): Promise<{ project?: Project; configuration: Diagnosis }> {
  try {
    const project = await openProject(options);
    return { project, configuration: ok(`${project.file.path}: ${project.serverName}, stage ${project.stage}, ${project.region}`) };
  } catch (error) {
    return { configuration: problem((error as Error).message, error instanceof CliError ? error.hint : undefined) };
  }
}

function printDiagnosis(title: string, { state, found, hint }: Diagnosis): void {
  const mark = { ok: colour.green('✔'), warning: colour.yellow('!'), problem: colour.red('✖') }[state];
  note(`${mark} ${title.padEnd(16)}  ${found}`);
  if (hint && state !== 'ok') note(`  ${' '.repeat(16)}  ${colour.dim(hint)}`);
}
