import { bundleHandlers } from '../../projenrc/handlers';

/** The constructs' assets are build products: they are made of the sources that are tested. */
export default async function setup(): Promise<void> {
  await bundleHandlers();
}
