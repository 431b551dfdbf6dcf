import { mcpUrls } from './deployed-servers';
import { assertOwned, findStack } from './stack';
import { openProject } from '../project/project';
import { CliError } from '../util/errors';

/** A stage of deploy.toml, and the state of its deployment. */
export interface StageRow {
  readonly stage: string;
  readonly stack: string;
  readonly region: string;
  readonly account?: string;

  /** The status of the stack, `NOT_DEPLOYED`, or `UNKNOWN` if it could not be read. */
  readonly status: string;
  readonly urls: readonly string[];
  readonly changed?: string;

  /** Why the status is unknown. */
  readonly problem?: string;
}

/** Read all stages of the project. A stage whose stack cannot be read is listed too. */
export async function readStages(local: boolean): Promise<StageRow[]> {
  const { file } = await openProject({ local });
  return Promise.all(file.stages.map(async (stage) => readStage(stage, local)));
}

async function readStage(stage: string, local: boolean): Promise<StageRow> {
  const project = await openProject({ stage, local });
  const row = { stage, stack: project.stackName, region: project.region, account: project.local?.account ?? project.account };
  try {
    const stack = await findStack(project);
    if (!stack || stack.status === 'REVIEW_IN_PROGRESS') return { ...row, status: 'NOT_DEPLOYED', urls: [] };
    assertOwned(stack, project);
    return { ...row, status: stack.status, urls: mcpUrls(stack).map(({ value }) => value), changed: stack.changed?.toISOString() };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...row, status: 'UNKNOWN', urls: [], problem: error.message };
  }
}
