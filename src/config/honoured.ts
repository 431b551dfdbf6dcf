import { isTable, type Path } from './source';

/** A key that is known, and has no effect or not yet. */
interface Unheeded {
  readonly path: Path;

  /** Completes the sentence "<key> ...". */
  readonly why: string;

  /** Values that ask for no effect anyway, so that there is nothing to say. */
  readonly unless?: (value: unknown) => boolean;
}

const yet = 'is not honoured yet';
const isOff = (value: unknown) => value === false;
const isEmpty = (value: unknown) => isTable(value) && Object.keys(value).length === 0;

/** The one list of what is accepted without effect. Every key that is not here takes effect. */
export const UNHEEDED: readonly Unheeded[] = [
  ...['provisioned_concurrency'].map((key) => ({ path: ['server', key], why: yet })),
  ...['widgets', 'domain', 'deployment', 'post_deploy_tests'].map((key) => ({ path: [key], why: yet })),
  { path: ['composition', 'internal_only'], why: 'closes nothing on AWS, it is only a tag; [auth] decides who may call the server', unless: isOff },
  { path: ['auth'], why: yet, unless: (value) => isTable(value) && value.enabled !== true },
  { path: ['secrets'], why: yet, unless: isEmpty },
];
