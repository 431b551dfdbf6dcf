import { bundleHandlers } from './handlers';

/** Bundles the code that runs inside Lambda, each function with what it needs, into lib/handlers. */
void bundleHandlers();
