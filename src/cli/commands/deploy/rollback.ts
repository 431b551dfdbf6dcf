import type { Command } from 'commander';
import type { Verdict } from '../../checks/report/results';
import { openProject, stageFlags, type Project, type StageOptions } from '../../project/project';
import { deployedStack, type StackState } from '../../stack/stack';
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
    .option('--to <version>', 'the number of a version, or the beginning of its git commit (default: the one that was live before)')
    .option('--list', 'show the versions that there are')
    .option('--server <name>', 'the server, where the stack has several')
    .option('-y, --yes', 'do not ask')
    .option('--no-tests', 'do not run the tests afterwards')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy rollback --list', 'versions with time, git commit and asset'],
    ['pmcp-deploy rollback', 'to the version that was live before'],
    ['pmcp-deploy rollback --to 12 --stage prod --yes', 'to version 12, without a question'])
    .addHelpText('after', '\nThe next "pmcp-deploy deploy" makes live what it deploys, whatever was rolled back before.');
  command.action(async (options: RollbackOptions) => {
    const { chooseFunction } = await import('../../stack/deployed-servers');
    const { liveState } = await import('../../versions/functions');
    const { printVersions, versionEntries } = await import('../../versions/list');
    const project = await openProject(options);
    const stack = await deployedStack(project);
    const chosen = chooseFunction(stack, options.server);
    const live = await liveState(project, chosen.name);
    if (!live) throw new CliError(`function ${chosen.name} has no alias "live"`, { hint: `deploy once more: npx pmcp-deploy deploy${stageFlags(project)}` });
    const entries = await versionEntries(project, chosen, live);
    if (options.list) {
      if (options.json) printJson({ function: chosen.name, live: live.version, versions: entries });
      else await printVersions(entries);
      return;
    }
    assertQuiet(stack, project);
    const target = targetOf(entries, live.version, options.to);
    if (target.live && live.weighted.length === 0) {
      if (options.json) printJson({ function: chosen.name, from: live.version, to: target.version, changed: false });
      else success(`version ${target.version} is live already`);
      return;
    }
    const question = `Point ${project.serverName}, stage ${project.stage}, from version ${live.version} to ${describe(target)}?`;
    if (!options.yes && !await confirm(question, 'a rollback changes what users get: confirm it with --yes')) throw new CliError('nothing was changed');
    const { goLive } = await import('../../versions/functions');
    await goLive(project, chosen.name, target.version, live);
    success(`version ${target.version} is live; it was version ${live.version}`);
    const tested = options.tests && project.file.deployment.post_deploy_tests.enabled;
    const verdict = tested ? await test(project, stack, chosen.prefix) : undefined;
    const tests = verdict ? verdict === 'passed' : 'not run';
    if (options.json) printJson({ function: chosen.name, from: live.version, to: target.version, changed: true, tests });
    if (verdict === 'inconclusive') {
      throw new CliError(`version ${target.version} is live, but not verified: what failed above is not the server`, {
        exitCode: ExitCode.NOT_VERIFIED,
        hint: `look at the network, and at the token, and test it again with: npx pmcp-deploy test${stageFlags(project)}`,
      });
    }
    if (verdict === 'failed') {
      throw new CliError(`version ${target.version} is live, but its tests failed`, {
        exitCode: ExitCode.NOT_VERIFIED, hint: `choose another one with: npx pmcp-deploy rollback --list${stageFlags(project)}`,
      });
    }
  });
}

/** @throws CliError while CloudFormation works on the stack: it would move the alias again */
function assertQuiet({ name, status }: StackState, project: Project): void {
  if (status.endsWith('_IN_PROGRESS')) {
    throw new CliError(`stack ${name} is being changed (${status}), and so is its alias`, {
      hint: `wait, or stop the deployment with: aws cloudformation cancel-update-stack --stack-name ${name} --region ${project.region}`,
    });
  }
}

function targetOf(entries: readonly VersionEntry[], live: string, wanted?: string): VersionEntry {
  if (wanted === undefined) {
    // A version between the two may have been rolled back itself.
    const noted = entries.find(({ version }) => version === live)?.before;
    const before = entries.find(({ version }) => version === noted) ?? entries.find(({ version }) => Number(version) < Number(live));
    if (before) return before;
    throw new CliError(`there is no version before ${live}`, { hint: 'see what there is with: npx pmcp-deploy rollback --list' });
  }
  const matching = entries.filter(({ version, commit }) => version === wanted || (/^[0-9a-f]{7,}$/.test(wanted) && commit?.startsWith(wanted)));
  const exact = matching.find(({ version }) => version === wanted);
  if (exact) return exact;
  // The newest of a commit: the others were deployed with other settings, or before a rollback.
  if (matching.length > 0) return matching[0];
  throw new CliError(`there is no version ${JSON.stringify(wanted)}; there are ${entries.map(({ version }) => version).join(', ') || 'none'}`, {
    hint: 'see them with: npx pmcp-deploy rollback --list',
  });
}

function describe({ version, published, commit }: VersionEntry): string {
  const facts = [published && `of ${published.slice(0, 16).replace('T', ' ')} UTC`, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean);
  return `version ${version}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

async function test(project: Project, stack: StackState, serverName: string): Promise<Verdict> {
  const { testStage } = await import('../../versions/verify');
  try {
    return await testStage(project, stack, { serverName, previous: stack });
  } catch (error) {
    warn(`the rollback is done, but the tests could not be run: ${(error as Error).message}`);
    return 'inconclusive';
  }
}
