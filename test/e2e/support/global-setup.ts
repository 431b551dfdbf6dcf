import { packPackage } from './package';

/** All end-to-end tests use the packed package, as a user gets it. */
export default async function setup(): Promise<void> {
  await packPackage();
}
