import { bundleHandlers, bundleRelay } from '../../projenrc/handlers';

/** The constructs' assets, and the program that builds write to, are build products: they are made of the sources that are tested. */
export default async function setup(): Promise<void> {
  await Promise.all([bundleHandlers(), bundleRelay()]);
}
