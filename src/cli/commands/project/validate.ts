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
    .description('check deploy.toml for all of its stages, without AWS')
    .option('-s, --stage <name>', 'stage to report on')
    .option('-t, --template', 'also synthesize the CloudFormation template, without a build, and check it')
    .option('--json', 'print JSON');
  examples(verboseOption(command),
    ['pmcp-deploy validate', 'check deploy.toml only'],
    ['pmcp-deploy validate --template --stage prod', 'also check the template of prod']);
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
    const { path, stages } = project.file;
    success(`${path} is valid: ${project.serverName}, ${stages.length === 1 ? 'stage' : 'stages'} ${stages.join(', ')}`);
    if (template) success(`the template of stack ${project.stackName} is valid: ${template.resources} resources, ${template.bytes} bytes`);
  });
}
