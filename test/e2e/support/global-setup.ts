import type { Config } from 'jest';
import { installTools } from './tools';
import { packPackage } from '../../support/package';

/** All end-to-end tests use the packed package, as a user gets it. */
export default async function setup({ maxWorkers }: Required<Pick<Config, 'maxWorkers'>>): Promise<void> {
  await Promise.all([packPackage(), installTools(Number(maxWorkers))]);
}
