import type { Command } from 'commander';
import { examples, verboseOption } from '../../util/options';
import { printJson, success, warn } from '../../util/terminal';

interface ValidateOptions {
  readonly stage?: string;
  readonly template?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program.command('validate')
    .description('check deploy.toml, in all its stages, without AWS')
    .option('-s, --stage <name>', 'tell what is valid for this stage')
    .option('-t, --template', 'also synthesize the CloudFormation template (without a build) and check that')
    .option('--json', 'print JSON');
  examples(verboseOption(command),
    ['pmcp-deploy validate', 'deploy.toml alone, at once'],
    ['pmcp-deploy validate --template --stage prod', 'what the CDK app makes of it, too']);
  command.action(async (options: ValidateOptions) => {
    const { readProject } = await import('../../project/project');
    const project = readProject(options.stage);
    const warnings = project.file.warnings.map(({ message }) => message);
    const template = options.template ? await (await import('../../deploy/template-check')).checkTemplate(project) : undefined;
    if (options.json) {
      const { serverName: server, stage, stackName: stack, region, file: { stages } } = project;
      printJson({ server, stage, stages, stack, region, warnings, template });
      return;
    }
    warnings.forEach(warn);
    success(`${project.file.path} is valid: ${project.serverName}, ${project.file.stages.length === 1 ? 'stage' : 'stages'} ${project.file.stages.join(', ')}`);
    if (template) success(`the template of stack ${project.stackName} is valid: ${template.resources} resources, ${template.bytes} bytes`);
  });
}
