import { parseEnv } from 'node:util';
import { Option, type Command } from 'commander';
import { openProject, stageFlags, type Project, type StageOptions } from '../../project/project';
import type { Outcome } from '../../secrets/store';
import { CliError } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { confirm, note, printJson, printTable, success, warn } from '../../util/terminal';

interface SetOptions extends StageOptions {
  readonly file?: string;
  readonly kmsKey?: string;
}

interface ListOptions extends StageOptions {
  readonly json?: boolean;
}

interface DeleteOptions extends StageOptions {
  readonly recoveryWindowDays: number;
  readonly force?: boolean;
  readonly yes?: boolean;
}

interface ImportOptions extends StageOptions {
  readonly all?: boolean;
  readonly kmsKey?: string;
}

/** The recovery windows that Secrets Manager allows, in days. */
const RECOVERY_DAYS = { min: 7, max: 30 } as const;

export function register(program: Command): void {
  const secrets = program.command('secrets').description('manage the secrets of the server in AWS Secrets Manager');
  registerSet(secrets);
  registerList(secrets);
  registerDelete(secrets);
  registerImport(secrets);
  examples(secrets,
    ['pmcp-deploy secrets set WEATHER_API_KEY', 'ask for the value, without showing it'],
    ['pmcp-deploy secrets list', 'list the secrets of all stages'],
    ['pmcp-deploy secrets import .env --stage prod', 'set the secrets that [secrets] declares']);
}

function registerSet(secrets: Command): void {
  const command = secrets.command('set')
    .description('set the value of a secret, from a hidden prompt, standard input or a file')
    .argument('<name>', 'name of the secret, as in [secrets] of deploy.toml')
    .option('--file <file>', 'read the value from a file, or from standard input with "-"')
    .option('--kms-key <key>', 'id, ARN or alias of the KMS key (default: kms_key_arn of deploy.toml, or the key of Secrets Manager)');
  examples(stageOptions(command),
    ['pmcp-deploy secrets set WEATHER_API_KEY', 'ask for the value'],
    ['pmcp-deploy secrets set WEATHER_API_KEY --stage prod < key.txt', 'read it from a file, for CI']);
  command.action(async (name: string, options: SetOptions) => {
    const { checkName } = await import('../../secrets/store');
    const { readValue } = await import('../../secrets/value');
    checkName(name);
    const project = await openProject(options);
    const { done } = await put(project, name, await readValue(`the value of ${name}`, options.file), options.kmsKey);
    warnUndeclared(project, [name], await declaredNames(project));
    if (needsDeployment(done)) note(`  the next deployment delivers it to the server: npx pmcp-deploy deploy${stageFlags(project)}`);
  });
}

function registerList(secrets: Command): void {
  const command = secrets.command('list')
    .description('list the secrets with stage and age, without their values')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy secrets list', 'list the secrets of all stages'],
    ['pmcp-deploy secrets list --stage prod', 'list those of one stage']);
  command.action(async (options: ListOptions) => {
    const { listSecretEntries } = await import('../../secrets/list');
    const entries = await listSecretEntries(await openProject(options), options.stage);
    if (options.json) return printJson(entries);
    if (entries.length === 0) return note('no secret is set, and [secrets] of deploy.toml declares none');
    await printTable(
      entries.map(({ name, stage, state, age, declared }) => [name, stage, state, age ?? '', declared]),
      ['name', 'stage', '', 'age', 'deploy.toml'],
    );
  });
}

function registerDelete(secrets: Command): void {
  const command = secrets.command('delete')
    .description('delete a secret, with a recovery window')
    .argument('<name>', 'name of the secret')
    .addOption(new Option('--recovery-window-days <days>', 'days in which "secrets set" can restore it, 7 to 30')
      .argParser(parseDays).default(RECOVERY_DAYS.max))
    .option('--force', 'delete it immediately, without a recovery window')
    .option('-y, --yes', 'do not ask for confirmation');
  examples(stageOptions(command), ['pmcp-deploy secrets delete WEATHER_API_KEY --stage prod', 'delete it, after a confirmation']);
  command.action(async (name: string, options: DeleteOptions) => {
    const { checkName, deleteSecret, findSecret } = await import('../../secrets/store');
    checkName(name);
    const project = await openProject(options);
    const existing = await findSecret(project, name);
    if (!existing) throw new CliError(`there is no secret ${name} in stage ${project.stage}`);
    if (existing.deleted && !options.force) throw new CliError(`the secret ${name} in stage ${project.stage} is already deleted`);
    const when = options.force ? 'immediately' : `with a recovery window of ${options.recoveryWindowDays} days`;
    const question = `Delete the secret ${name} of ${project.serverName}, stage ${project.stage}, ${when}?`;
    if (!options.yes && !await confirm(question, 'secrets delete needs a confirmation, and there is no terminal to ask on: add --yes')) {
      throw new CliError('nothing was deleted');
    }
    await deleteSecret(project, name, options.force ? undefined : options.recoveryWindowDays);
    success(`${name} of stage ${project.stage} is deleted, ${when}`);
  });
}

function registerImport(secrets: Command): void {
  const command = secrets.command('import')
    .description('set the secrets that deploy.toml declares, from a .env file')
    .argument('<file>', 'the file, or "-" for standard input')
    .option('--all', 'set the others in the file too')
    .option('--kms-key <key>', 'id, ARN or alias of the KMS key (default: kms_key_arn of deploy.toml, or the key of Secrets Manager)');
  examples(stageOptions(command), ['pmcp-deploy secrets import .env --stage prod', 'set the secrets that [secrets] declares']);
  command.action(async (file: string, options: ImportOptions) => {
    const { checkName } = await import('../../secrets/store');
    const { readValue } = await import('../../secrets/value');
    const project = await openProject(options);
    const values = Object.entries(parseEnv(await readValue(file, file))) as Array<[string, string]>;
    const declared = await declaredNames(project);
    const chosen = values.filter(([name]) => options.all || declared.has(name));
    const left = values.filter(([name]) => !options.all && !declared.has(name)).map(([name]) => name);
    if (chosen.length === 0) {
      const others = left.length > 0 ? `; it has ${left.join(', ')}` : '';
      throw new CliError(`${file} has no secret that [secrets] of deploy.toml declares${others}`, {
        hint: left.length > 0 ? 'declare them, or import them with --all' : undefined,
      });
    }
    // Check all names and values before the first is set.
    const empty = chosen.filter(([, value]) => value === '').map(([name]) => name);
    if (empty.length > 0) throw new CliError(`${file} has no value for ${empty.join(', ')}; nothing was set`);
    chosen.forEach(([name]) => checkName(name));
    const changed: boolean[] = [];
    for (const [name, value] of chosen) changed.push(needsDeployment((await put(project, name, value, options.kmsKey)).done));
    const set = changed.filter(Boolean).length;
    if (changed.length > 1) note(`  ${set} set, ${changed.length - set} unchanged`);
    if (left.length > 0) note(`  skipped, because deploy.toml does not declare them: ${left.join(', ')}`);
    warnUndeclared(project, chosen.map(([name]) => name), declared);
  });
}

async function declaredNames(project: Project): Promise<ReadonlySet<string>> {
  const { declaredSecrets } = await import('../../secrets/required');
  return new Set(declaredSecrets(project).keys());
}

async function put(project: Project, name: string, value: string, key?: string): Promise<Outcome> {
  const { declaredSecrets } = await import('../../secrets/required');
  const { putSecret } = await import('../../secrets/store');
  const declared = declaredSecrets(project).get(name);
  const outcome = await putSecret(project, name, { value, description: declared?.description, kmsKey: key ?? declared?.kms_key_arn });
  success(`${name} of stage ${project.stage} ${RESULTS[outcome.done]}`);
  if (outcome.unread !== undefined) {
    note(`  the old value could not be read (${outcome.unread}), so the new one counts as changed even if it is equal; to compare them,`
      + ' allow secretsmanager:GetSecretValue (and kms:Decrypt for a custom key)');
  }
  return outcome;
}

const RESULTS: Record<Outcome['done'], string> = {
  'created': 'is set',
  'changed': 'is changed',
  'restored': 'is restored, with the same value',
  're-encrypted': 'already has this value; it is now encrypted with the given key',
  'unchanged': 'already has this value; nothing was changed',
};

/** Whether the next deployment must deliver the secret to the server. */
function needsDeployment(done: Outcome['done']): boolean {
  return done === 'created' || done === 'changed' || done === 'restored';
}

function warnUndeclared(project: Project, names: readonly string[], declared: ReadonlySet<string>): void {
  const unknown = names.filter((name) => !declared.has(name));
  if (unknown.length === 0) return;
  warn(`the server does not get ${unknown.join(', ')}: declare it in ${project.file.path}, for example with [secrets.${unknown[0]}]`);
}

function parseDays(text: string): number {
  const value = Number(text);
  const { min, max } = RECOVERY_DAYS;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new CliError(`--recovery-window-days is ${JSON.stringify(text)}: it must be a whole number from ${min} to ${max}`);
}
