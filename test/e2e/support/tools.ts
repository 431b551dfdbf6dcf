import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ministack } from '../../../src/cli/local/ministack';
import { cargoLambda } from '../../../src/cli/project/tools';
import { ensureTool, type PythonTool } from '../../../src/cli/util/python-tool';
import { which } from '../../../src/util/process/which';
import { TOOLS, workerCache } from '../../support/env';

/** Install the tools of the command line once, and link them into the cache folder of each worker. */
export async function installTools(workers: number): Promise<void> {
  const tools = sharedTools();
  await Promise.all(tools.map(async (tool) => ensureTool(tool)));
  for (let worker = 1; worker <= workers; worker++) {
    mkdirSync(workerCache(worker), { recursive: true });
    for (const { home } of tools) link(home, join(workerCache(worker), basename(home)));
  }
}

/** The tools in the folder that all workers share. cargo-lambda is among them where it is not in PATH. */
export function sharedTools(): PythonTool[] {
  const { PMCP_DEPLOY_CACHE: before } = process.env;
  process.env.PMCP_DEPLOY_CACHE = TOOLS;
  try {
    return [...which('cargo-lambda', process.env) === undefined ? [cargoLambda()] : [], ministack()];
  } finally {
    if (before === undefined) delete process.env.PMCP_DEPLOY_CACHE;
    else process.env.PMCP_DEPLOY_CACHE = before;
  }
}

function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path, { recursive: true });
  symlinkSync(target, path);
}
