import { CfnResource, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnDeploymentGroup, ILambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Alias, CfnFunction, Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_RECOGNIZE_LAYER_VERSION, LAMBDA_RECOGNIZE_VERSION_PROPS } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { contextChoice, ContextKey } from '../private/context';
import { UserError } from '../util/user-error';

/** The alias that the HTTP API calls. */
const LIVE = 'live';

/** Lambda's limit on the description of a function, in characters. */
const MAX_DESCRIPTION = 256;

/** Characters of the version's hash in the function's description. */
const MARK_LENGTH = 12;

/** CodeDeploy's limit on the alarms of a deployment group. */
const MAX_DEPLOYMENT_ALARMS = 10;

/**
 * Options of a gradual deployment: CodeDeploy shifts traffic to the new version in steps, and rolls back on an alarm.
 */
export interface McpGradualDeploymentOptions {
  /** Steps of the traffic shift, such as `LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES`. */
  readonly deploymentConfig: ILambdaDeploymentConfig;

  /**
   * Additional alarms that stop the deployment and restore the previous version. CodeDeploy allows 10 alarms in total.
   *
   * @default - the alarms of `monitoring`, and one on any error of the alias within a minute
   */
  readonly alarms?: IAlarm[];
}

/**
 * Properties of a server's live version.
 *
 * @internal
 */
export interface LiveVersionProps {
  readonly function: LambdaFunction;
  readonly gradualDeployment?: McpGradualDeploymentOptions;
  readonly provisionedConcurrentExecutions?: number;
}

/**
 * A published version, the alias that points to it, and the deployment group that moves the alias.
 *
 * @internal
 */
export interface LiveVersion {
  readonly alias: Alias;
  readonly version: Version;
  readonly deploymentGroup?: LambdaDeploymentGroup;
}

/**
 * Set the CDK's feature flags for version hashes on a construct that has no children yet.
 *
 * Older apps do not set them. A changed tag would then ask Lambda for a new version of an unchanged function, and the deployment would
 * fail.
 *
 * @internal
 */
export function enableVersionHashFlags(scope: Construct): void {
  scope.node.setContext(LAMBDA_RECOGNIZE_VERSION_PROPS, true);
  scope.node.setContext(LAMBDA_RECOGNIZE_LAYER_VERSION, true);
}

/**
 * Publish a version of the function and point the alias to it. Versions of earlier deployments are retained for rollback.
 *
 * @internal
 */
export function createLiveVersion(scope: Construct, props: LiveVersionProps): LiveVersion {
  const version = props.function.currentVersion;
  // Lambda does not publish the same version twice, so a failed update must not delete it.
  version.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  describeAsset(props.function, version);
  markConfiguration(props.function, version);
  const alias = new Alias(scope, 'LiveAlias', {
    aliasName: LIVE,
    version,
    provisionedConcurrentExecutions: props.provisionedConcurrentExecutions,
  });
  return { alias, version, deploymentGroup: deployGradually(scope, alias, props.gradualDeployment) };
}

/** Write the asset's hash into the version's description. Lambda records only its own hash. */
function describeAsset(lambdaFunction: LambdaFunction, version: Version): void {
  const code = Stack.of(version).resolve((lambdaFunction.node.defaultChild as CfnFunction).code) as CfnFunction.CodeProperty;
  const hash = typeof code.s3Key === 'string' && /^(?:.*\/)?([0-9a-f]{32,64})\.[a-z]+$/.exec(code.s3Key)?.[1];
  const resource = version.node.defaultChild;
  if (hash && resource && 'description' in resource) {
    resource.description = `asset ${hash}`;
  }
}

/**
 * Write a hash of the function's properties in the template into the function's description.
 *
 * The CDK requests a new version whenever these properties change. Lambda publishes none if the function itself is unchanged, and the
 * deployment fails: for example after a new version of a secret with the same value, or with another CDK release that hashes differently.
 * The description changes with the properties, so the function does too.
 */
function markConfiguration(lambdaFunction: LambdaFunction, version: Version): void {
  const resource = lambdaFunction.node.defaultChild as CfnFunction;
  const own = resource.description;
  let hashing = false;
  resource.description = Lazy.uncachedString({
    produce: (): string | undefined => {
      // The version's id is a hash of the function's properties, this description included. The mark must not be part of its own hash.
      if (hashing) return own;
      hashing = true;
      try {
        const id = Stack.of(version).resolve((version.node.defaultChild as CfnResource).logicalId) as string;
        return withMark(own, id.slice(-MARK_LENGTH));
      } finally {
        hashing = false;
      }
    },
  });
}

function withMark(own: string | undefined, mark: string): string {
  if (own === undefined) return `configuration ${mark}`;
  const end = ` [configuration ${mark}]`;
  const room = MAX_DESCRIPTION - end.length;
  return Token.isUnresolved(own) || own.length <= room ? own + end : `${own.slice(0, room - 1)}…${end}`;
}

function deployGradually(scope: Construct, alias: Alias, gradual?: McpGradualDeploymentOptions): LambdaDeploymentGroup | undefined {
  const allAtOnce = contextChoice(scope, ContextKey.STRATEGY, ['all-at-once']);
  if (!gradual || allAtOnce) return undefined;
  const errors = new Alarm(scope, 'DeploymentAlarm', {
    alarmDescription: `Stops a deployment of ${scope.node.path}: the alias ${LIVE} had errors`,
    metric: alias.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const group = new LambdaDeploymentGroup(scope, 'DeploymentGroup', {
    alias,
    deploymentConfig: gradual.deploymentConfig,
    alarms: [errors, ...gradual.alarms ?? []],
  });
  group.node.addValidation({ validate: () => checkAlarms(group) });
  return group;
}

/** Checked at synthesis, because alarms can be added until then. */
function checkAlarms(group: LambdaDeploymentGroup): string[] {
  const { alarmConfiguration } = group.node.defaultChild as CfnDeploymentGroup;
  const { alarms = [] } = (Stack.of(group).resolve(alarmConfiguration) ?? {}) as { alarms?: unknown[] };
  return alarms.length <= MAX_DEPLOYMENT_ALARMS ? [] : [
    `gradualDeployment has ${alarms.length} alarms, and CodeDeploy allows ${MAX_DEPLOYMENT_ALARMS}: those of gradualDeployment.alarms, `
    + 'those of monitoring.alarms, and one on errors of the alias; remove some',
  ];
}

/**
 * @throws UserError if the provisioned concurrency is not valid, or exceeds the reserved concurrency
 * @internal
 */
export function checkConcurrency(provisioned?: number, reserved?: number): void {
  if (provisioned === undefined || Token.isUnresolved(provisioned)) return;
  if (!Number.isInteger(provisioned) || provisioned < 1) {
    throw new UserError(`provisionedConcurrentExecutions is ${provisioned}: it must be a positive integer`);
  }
  if (reserved !== undefined && !Token.isUnresolved(reserved) && provisioned > reserved) {
    throw new UserError(`provisionedConcurrentExecutions is ${provisioned}, more than reservedConcurrentExecutions, which is ${reserved}: `
      + 'lower it, or reserve more');
  }
}
