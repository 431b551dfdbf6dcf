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

const DEFAULT_RECOVERY_DAYS = 30;

export function register(program: Command): void {
  const secrets = program.command('secrets').description('keep the server\'s secrets in AWS Secrets Manager');
  registerSet(secrets);
  registerList(secrets);
  registerDelete(secrets);
  registerImport(secrets);
  examples(secrets,
    ['pmcp-deploy secrets set WEATHER_API_KEY', 'asks for the value, and shows nothing of it'],
    ['pmcp-deploy secrets list', 'what there is, in all stages'],
    ['pmcp-deploy secrets import .env --stage prod', 'what [secrets] declares']);
}

function registerSet(secrets: Command): void {
  const command = secrets.command('set')
    .description('give a secret a value: from a prompt that does not show it, from standard input, or from a file')
    .argument('<name>', 'its name, as in [secrets] of deploy.toml')
    .option('--file <file>', 'take the value from a file; - is standard input')
    .option('--kms-key <key>', 'id, ARN or alias of the KMS key that encrypts it (default: kms_key_arn of deploy.toml, or the key of Secrets Manager)');
  examples(stageOptions(command),
    ['pmcp-deploy secrets set WEATHER_API_KEY', 'asks for the value'],
    ['pmcp-deploy secrets set WEATHER_API_KEY --stage prod < key.txt', 'for CI']);
  command.action(async (name: string, options: SetOptions) => {
    const { checkName } = await import('../../secrets/store');
    const { readValue } = await import('../../secrets/value');
    checkName(name);
    const project = await openProject(options);
    const { done } = await put(project, name, await readValue(`the value of ${name}`, options.file), options.kmsKey);
    warnUndeclared(project, [name], await declaredNames(project));
    if (isNews(done)) note(`  the server gets it with the next deployment: npx pmcp-deploy deploy${stageFlags(project)}`);
  });
}

function registerList(secrets: Command): void {
  const command = secrets.command('list')
    .description('show names, stages and ages of the secrets, never values')
    .option('--json', 'print JSON');
  examples(stageOptions(command), ['pmcp-deploy secrets list', 'all stages'], ['pmcp-deploy secrets list --stage prod', 'one stage']);
  command.action(async (options: ListOptions) => {
    const { entriesOf } = await import('../../secrets/list');
    const entries = await entriesOf(await openProject(options), options.stage);
    if (options.json) return printJson(entries);
    if (entries.length === 0) return note('no secrets are set, and [secrets] of deploy.toml declares none');
    await printTable(entries.map(({ name, stage, state, age, declared }) => [name, stage, state, age ?? '', declared]), ['name', 'stage', '', 'age', 'deploy.toml']);
  });
}

function registerDelete(secrets: Command): void {
  const command = secrets.command('delete')
    .description('delete a secret; it can be brought back for a while')
    .argument('<name>', 'its name')
    .addOption(new Option('--recovery-window-days <days>', 'days in which "secrets set" brings it back, 7 to 30').argParser(days).default(DEFAULT_RECOVERY_DAYS))
    .option('--force', 'at once and for good')
    .option('-y, --yes', 'do not ask');
  examples(stageOptions(command), ['pmcp-deploy secrets delete WEATHER_API_KEY --stage prod', 'asks first']);
  command.action(async (name: string, options: DeleteOptions) => {
    const { checkName, deleteSecret, findSecret } = await import('../../secrets/store');
    checkName(name);
    const project = await openProject(options);
    const existing = await findSecret(project, name);
    if (!existing || (existing.deleted && !options.force)) throw new CliError(`there is no secret ${name} in stage ${project.stage}${existing ? ': it is deleted already' : ''}`);
    const how = options.force ? 'at once and for good' : `for good after ${options.recoveryWindowDays} days`;
    const question = `Delete the secret ${name} of ${project.serverName}, stage ${project.stage}, ${how}?`;
    if (!options.yes && !await confirm(question, 'a deletion must be confirmed: add --yes')) throw new CliError('nothing was deleted');
    await deleteSecret(project, name, options.force ? undefined : options.recoveryWindowDays);
    success(`${name} of stage ${project.stage} is deleted, ${how}`);
  });
}

function registerImport(secrets: Command): void {
  const command = secrets.command('import')
    .description('set secrets from a .env file: those that deploy.toml declares')
    .argument('<file>', 'the file; - is standard input')
    .option('--all', 'set the others of the file too')
    .option('--kms-key <key>', 'id, ARN or alias of the KMS key that encrypts them');
  examples(stageOptions(command), ['pmcp-deploy secrets import .env --stage prod', 'what [secrets] declares']);
  command.action(async (file: string, options: ImportOptions) => {
    const { checkName } = await import('../../secrets/store');
    const { readValue } = await import('../../secrets/value');
    const project = await openProject(options);
    const values = Object.entries(parseEnv(await readValue(file, file))) as Array<[string, string]>;
    const declared = await declaredNames(project);
    const chosen = values.filter(([name]) => options.all || declared.has(name));
    const left = values.filter(([name]) => !options.all && !declared.has(name)).map(([name]) => name);
    if (chosen.length === 0) {
      throw new CliError(`${file} has no secret that [secrets] of deploy.toml declares${left.length > 0 ? `; it has ${left.join(', ')}` : ''}`, {
        hint: left.length > 0 ? 'declare them, or import them with --all' : undefined,
      });
    }
    // All names and values are looked at before the first is set.
    const empty = chosen.filter(([, value]) => value === '').map(([name]) => name);
    if (empty.length > 0) throw new CliError(`${file} has no value for ${empty.join(', ')}: nothing was set`);
    chosen.forEach(([name]) => checkName(name));
    const news: boolean[] = [];
    for (const [name, value] of chosen) news.push(isNews((await put(project, name, value, options.kmsKey)).done));
    const set = news.filter(Boolean).length;
    if (news.length > 1) note(`  ${set} set, ${news.length - set} unchanged`);
    if (left.length > 0) note(`  left out, since deploy.toml does not declare them: ${left.join(', ')}`);
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
  success(`${name} of stage ${project.stage} ${SAID[outcome.done]}`);
  if (outcome.unread !== undefined) {
    note(`  the value that it had could not be read (${outcome.unread}), so that an equal one counts as new: secretsmanager:GetSecretValue`
      + ' (and kms:Decrypt for a key of your own) lets it be compared');
  }
  return outcome;
}

const SAID: Record<Outcome['done'], string> = {
  'created': 'is set',
  'changed': 'is changed',
  'restored': 'is brought back, with the value that it had',
  're-encrypted': 'has this value already; it is encrypted with the key that was asked for',
  'unchanged': 'has this value already: nothing is changed',
};

/** Whether the next deployment has something to do. */
function isNews(done: Outcome['done']): boolean {
  return done === 'created' || done === 'changed' || done === 'restored';
}

function warnUndeclared(project: Project, names: readonly string[], declared: ReadonlySet<string>): void {
  const unknown = names.filter((name) => !declared.has(name));
  if (unknown.length > 0) warn(`the server does not get ${unknown.join(', ')}: declare it in ${project.file.path}, for example with [secrets.${unknown[0]}]`);
}

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 7 || value > 30) throw new CliError(`--recovery-window-days is ${JSON.stringify(text)}: it must be a whole number from 7 to 30`);
  return value;
}
