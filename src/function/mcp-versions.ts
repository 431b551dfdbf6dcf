import { CfnResource, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnDeploymentGroup, ILambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Alias, CfnFunction, Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_RECOGNIZE_LAYER_VERSION, LAMBDA_RECOGNIZE_VERSION_PROPS } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';

/** The alias that the HTTP API calls. */
const LIVE = 'live';

/** `cdk -c` with this key and `all-at-once` leaves CodeDeploy out: a local AWS does not have it. */
const STRATEGY_CONTEXT = 'pmcp-deploy:strategy';

/** Lambda's limit on the description of a function, in characters. */
const MAX_DESCRIPTION = 256;

/** How much of a version's hash its function's description has. */
const MARK_LENGTH = 12;

/** CodeDeploy's limit on the alarms of a deployment group. */
const MAX_DEPLOYMENT_ALARMS = 10;

/**
 * Moves traffic to a new version step by step, by CodeDeploy, and back when an alarm is raised.
 */
export interface McpGradualDeployment {
  /** How fast, such as `LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES`. */
  readonly deploymentConfig: ILambdaDeploymentConfig;

  /**
   * Alarms that stop the deployment and bring the version before back, beside those of `monitoring` and one on errors of the alias.
   *
   * @default - those of `monitoring`, and any error of the alias within a minute
   */
  readonly alarms?: IAlarm[];
}

/**
 * How a server's versions go live.
 *
 * @internal
 */
export interface LiveVersionProps {
  readonly function: LambdaFunction;
  readonly gradualDeployment?: McpGradualDeployment;
  readonly provisionedConcurrentExecutions?: number;
}

/**
 * A published version, the alias that is the way to it, and what moves the alias.
 *
 * @internal
 */
export interface LiveVersion {
  readonly alias: Alias;
  readonly version: Version;
  readonly deploymentGroup?: LambdaDeploymentGroup;
}

/**
 * Makes versions follow what is in them. To be called while the construct has no children.
 *
 * Without these flags, which older apps have not set, a changed tag asks Lambda for a new version of an unchanged function, and the
 * deployment fails.
 *
 * @internal
 */
export function enableVersionHashFlags(scope: Construct): void {
  scope.node.setContext(LAMBDA_RECOGNIZE_VERSION_PROPS, true);
  scope.node.setContext(LAMBDA_RECOGNIZE_LAYER_VERSION, true);
}

/**
 * Publishes the function as a version, and points the alias at it. Versions of earlier deployments stay, so that there is a way back.
 *
 * @internal
 */
export function createLiveVersion(scope: Construct, props: LiveVersionProps): LiveVersion {
  const version = props.function.currentVersion;
  // A version that a failed update leaves behind would be in the way of the next try: Lambda publishes nothing twice.
  version.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  describe(props.function, version);
  markConfiguration(props.function, version);
  const alias = new Alias(scope, 'LiveAlias', {
    aliasName: LIVE,
    version,
    provisionedConcurrentExecutions: props.provisionedConcurrentExecutions,
  });
  return { alias, version, deploymentGroup: deployGradually(scope, alias, props.gradualDeployment) };
}

/** Says in the version which asset it was made of: Lambda itself keeps a hash of its own only. */
function describe(lambdaFunction: LambdaFunction, version: Version): void {
  const code = Stack.of(version).resolve((lambdaFunction.node.defaultChild as CfnFunction).code) as CfnFunction.CodeProperty;
  const hash = typeof code.s3Key === 'string' && /^(?:.*\/)?([0-9a-f]{32,64})\.[a-z]+$/.exec(code.s3Key)?.[1];
  const resource = version.node.defaultChild;
  if (hash && resource && 'description' in resource) {
    resource.description = `asset ${hash}`;
  }
}

/**
 * Writes a hash of the configuration, as the template has it, into the function's description.
 *
 * The CDK asks for a version whenever the template's text about the function changes. Lambda publishes none when the function itself has
 * not changed, and the deployment fails: with a new version of a secret that has the same value, for example, or another CDK release that
 * hashes differently. The description changes with the text, so that the function does too.
 */
function markConfiguration(lambdaFunction: LambdaFunction, version: Version): void {
  const resource = lambdaFunction.node.defaultChild as CfnFunction;
  const own = resource.description;
  let hashing = false;
  resource.description = Lazy.uncachedString({
    produce: (): string | undefined => {
      // The id of the version has a hash of the function's properties, and resolves this description for it: the mark is not in the hash that it is made of.
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

function deployGradually(scope: Construct, alias: Alias, gradual?: McpGradualDeployment): LambdaDeploymentGroup | undefined {
  const strategy: unknown = scope.node.tryGetContext(STRATEGY_CONTEXT);
  if (strategy !== undefined && strategy !== 'all-at-once') {
    throw new Error(`context ${STRATEGY_CONTEXT} is ${JSON.stringify(strategy)}: it can only be all-at-once`);
  }
  if (!gradual || strategy) {
    return undefined;
  }
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

/** Alarms are added until the app is synthesized. */
function checkAlarms(group: LambdaDeploymentGroup): string[] {
  const { alarmConfiguration } = group.node.defaultChild as CfnDeploymentGroup;
  const { alarms = [] } = (Stack.of(group).resolve(alarmConfiguration) ?? {}) as { alarms?: unknown[] };
  return alarms.length <= MAX_DEPLOYMENT_ALARMS ? [] : [
    `gradualDeployment has ${alarms.length} alarms, and CodeDeploy takes ${MAX_DEPLOYMENT_ALARMS}: those of gradualDeployment.alarms, those of `
    + 'monitoring.alarms, and one on errors of the alias. Leave some out',
  ];
}

/**
 * @internal
 */
export function checkConcurrency(provisioned?: number, reserved?: number): void {
  if (provisioned === undefined || Token.isUnresolved(provisioned)) return;
  if (!Number.isInteger(provisioned) || provisioned < 1) {
    throw new Error(`provisionedConcurrentExecutions is ${provisioned}: it must be a whole number from 1`);
  }
  if (reserved !== undefined && !Token.isUnresolved(reserved) && provisioned > reserved) {
    throw new Error(`provisionedConcurrentExecutions is ${provisioned}, more than the ${reserved} of reservedConcurrentExecutions: lower it, or reserve more`);
  }
}
