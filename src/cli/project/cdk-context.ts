import { hostArchitecture } from './host-architecture';
import type { Project } from './project';
import { ContextKey } from '../../private/context';

/** What a run of the CDK command line gets besides the stage. */
export interface CdkContext {
  /** Make the new versions live at once, and ignore `[deployment] strategy`. */
  readonly allAtOnce?: boolean;

  /** The declared secrets that exist, without their values. */
  readonly secrets?: SecretVersions;
}

/** Secrets by name. */
export type SecretVersions = Readonly<Record<string, { readonly arn: string; readonly versionId: string }>>;

/** The `--context` arguments of a run. */
export function contextArguments({ stage, local }: Project, { allAtOnce, secrets }: CdkContext): string[] {
  return [
    `stage=${stage}`,
    ...local ? [
      `${ContextKey.ACCOUNT}=${local.account}`,
      // The local AWS runs functions as processes of this machine.
      `${ContextKey.ARCHITECTURE}=${hostArchitecture()}`,
      `${ContextKey.SIGN_IN_PAGE}=classic`,
      `${ContextKey.METRIC_MATH}=off`,
      `${ContextKey.SECRET_DELIVERY}=environment`,
      `${ContextKey.DOMAIN}=off`,
    ] : [],
    ...local || allAtOnce ? [`${ContextKey.STRATEGY}=all-at-once`] : [],
    ...secrets ? [`${ContextKey.SECRETS}=${JSON.stringify(secrets)}`] : [],
  ].flatMap((context) => ['--context', context]);
}
