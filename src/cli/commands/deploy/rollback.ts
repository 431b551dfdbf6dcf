import type { Command } from 'commander';
import type { Verdict } from '../../checks/report/results';
import { openProject, stageFlags, type Project, type StageOptions } from '../../project/project';
import type { StackState } from '../../stack/stack';
import { CliError, ExitCode } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { confirm, printJson, success, warn } from '../../util/terminal';
import type { VersionEntry } from '../../versions/list';

interface RollbackOptions extends StageOptions {
  readonly to?: string;
  readonly list?: boolean;
  readonly server?: string;
  readonly yes?: boolean;
  readonly tests: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program.command('rollback')
    .description('go back to an earlier version, in seconds and without a build')
    .option('--to <version>', 'version number, or the beginning of a git commit (default: the version that was live before)')
    .option('--list', 'list the versions')
    .option('--server <name>', 'server to roll back, if the stack has several')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--no-tests', 'skip the tests of [post_deploy_tests]')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy rollback --list', 'list the versions with time, git commit and asset'],
    ['pmcp-deploy rollback', 'go back to the version that was live before'],
    ['pmcp-deploy rollback --to 12 --stage prod --yes', 'go back to version 12, without a confirmation'])
    .addHelpText('after', '\nThe next "pmcp-deploy deploy" makes its own version live again.');
  command.action(rollBack);
}

async function rollBack(options: RollbackOptions): Promise<void> {
  const { chooseFunction } = await import('../../stack/deployed-servers');
  const { deployedStack } = await import('../../stack/stack');
  const { hasAllTraffic, moveLiveAlias, readLiveAlias } = await import('../../versions/live-alias');
  const { listVersions, printVersions } = await import('../../versions/list');
  const project = await openProject(options);
  const stack = await deployedStack(project);
  const deployed = chooseFunction(stack, options.server);
  const { name, prefix } = deployed;
  const live = await readLiveAlias(project, name);
  if (!live) {
    throw new CliError(`function ${name} has no alias "live"`, { hint: `deploy again: npx pmcp-deploy deploy${stageFlags(project)}` });
  }
  const entries = await listVersions(project, deployed, live);
  if (options.list) {
    if (options.json) printJson({ function: name, live: live.version, versions: entries });
    else await printVersions(entries);
    return;
  }
  requireIdle(stack, project);
  const target = chooseVersion(project, entries, live.version, options.to);
  if (hasAllTraffic(live, target.version)) {
    if (options.json) printJson({ function: name, from: live.version, to: target.version, changed: false });
    else success(`version ${target.version} is already live`);
    return;
  }
  const question = `Roll back ${project.serverName}, stage ${project.stage}, from version ${live.version} to ${describeVersion(target)}?`;
  if (!options.yes && !await confirm(question, 'rollback needs a confirmation, and there is no terminal to ask on: add --yes')) {
    throw new CliError('nothing was changed');
  }
  await moveLiveAlias(project, name, target.version, live);
  success(`version ${target.version} is live; it was version ${live.version}`);
  const tested = options.tests && project.file.deployment.post_deploy_tests.enabled;
  const verdict = tested ? await testServer(project, stack, prefix) : undefined;
  if (options.json) {
    const tests = verdict ? verdict === 'passed' : 'not run';
    printJson({ function: name, from: live.version, to: target.version, changed: true, tests });
  }
  if (verdict === 'inconclusive' || verdict === 'failed') throw notVerified(project, target, verdict);
}

/** @throws CliError while CloudFormation changes the stack, because it would move the alias again */
function requireIdle({ name, status }: StackState, project: Project): void {
  if (status.endsWith('_IN_PROGRESS')) {
    throw new CliError(`stack ${name} is being changed (${status}), and its alias with it`, {
      hint: `wait, or stop the deployment with: aws cloudformation cancel-update-stack --stack-name ${name} --region ${project.region}`,
    });
  }
}

function chooseVersion(project: Project, entries: readonly VersionEntry[], live: string, wanted?: string): VersionEntry {
  const hint = `list the versions with: npx pmcp-deploy rollback --list${stageFlags(project)}`;
  if (wanted === undefined) {
    // The version right below the live one may have been rolled back itself.
    const noted = entries.find(({ version }) => version === live)?.before;
    const before = entries.find(({ version }) => version === noted) ?? entries.find(({ version }) => Number(version) < Number(live));
    if (before) return before;
    throw new CliError(`there is no version before ${live}`, { hint });
  }
  const isCommit = /^[0-9a-f]{7,}$/.test(wanted);
  const matching = entries.filter(({ version, commit }) => version === wanted || (isCommit && commit?.startsWith(wanted)));
  // A commit has several versions if it was deployed with other settings, or again after a rollback: choose the newest.
  const chosen = matching.find(({ version }) => version === wanted) ?? matching.at(0);
  if (chosen) return chosen;
  const known = entries.map(({ version }) => version).join(', ') || 'none';
  throw new CliError(`there is no version ${JSON.stringify(wanted)}; the versions are ${known}`, { hint });
}

function describeVersion({ version, published, commit }: VersionEntry): string {
  const facts = [
    published && `of ${published.slice(0, 16).replace('T', ' ')} UTC`,
    commit && `commit ${commit.slice(0, 12)}`,
  ].filter(Boolean);
  return `version ${version}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

async function testServer(project: Project, stack: StackState, serverName: string): Promise<Verdict> {
  const { testStage } = await import('../../versions/verify');
  try {
    return await testStage(project, stack, { serverName, previous: stack });
  } catch (error) {
    warn(`rolled back, but the tests could not run: ${(error as Error).message}`);
    return 'inconclusive';
  }
}

function notVerified(project: Project, { version }: VersionEntry, verdict: 'inconclusive' | 'failed'): CliError {
  const flags = stageFlags(project);
  return verdict === 'failed'
    ? new CliError(`version ${version} is live, but its tests failed`, {
      exitCode: ExitCode.NOT_VERIFIED,
      hint: `choose another version with: npx pmcp-deploy rollback --list${flags}`,
    })
    : new CliError(`version ${version} is live, but not verified: the failures above are not of the server`, {
      exitCode: ExitCode.NOT_VERIFIED,
      hint: `check the network and the token, then test again with: npx pmcp-deploy test${flags}`,
    });
}
