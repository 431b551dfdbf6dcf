import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Folder of the bundled handlers. `lib` is next to `src`, so that tests find it too. */
const HANDLERS = join(__dirname, '..', '..', '..', 'lib', 'handlers');

/**
 * Properties of `AuthFunction`.
 *
 * @internal
 */
export interface AuthFunctionProps {
  /** Name of the file in src/handlers. */
  readonly handler: string;

  /** Name of the exported function. @default 'handler' */
  readonly exportName?: string;
  readonly description: string;

  /** Settings of the function, as JSON. */
  readonly settings: string;
  readonly timeout?: Duration;
  readonly logRetention: RetentionDays;
  readonly logRemovalPolicy: RemovalPolicy;
}

/**
 * A function of this package, with its log group and a role that may only write to it.
 *
 * @internal
 */
export class AuthFunction extends Construct {
  public readonly function: Function;

  constructor(scope: Construct, id: string, props: AuthFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', { retention: props.logRetention, removalPolicy: props.logRemovalPolicy });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.description });
    logGroup.grantWrite(role);
    this.function = new Function(this, 'Function', {
      code: Code.fromAsset(join(HANDLERS, props.handler)),
      handler: `index.${props.exportName ?? 'handler'}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: props.timeout ?? Duration.seconds(10),
      description: props.description,
      environment: { MCP_AUTH: props.settings },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    });
  }
}
