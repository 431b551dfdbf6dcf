import { SecretValue, Stack, Token } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ParamsAndSecretsLayerVersion, ParamsAndSecretsVersions } from 'aws-cdk-lib/aws-lambda';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** `cdk -c` with this key and `environment` delivers all secrets that way: a local AWS does not have the extension that reads them. */
const DELIVERY_CONTEXT = 'pmcp-deploy:secret-delivery';

/**
 * How a server gets the value of a secret.
 */
export enum McpSecretDelivery {
  /**
   * In an environment variable of the secret's name, put there by CloudFormation at deployment.
   *
   * Any server can use it, and it costs no time. Who may read the function's configuration can read the value, of versions that are kept
   * too, and a new value reaches the server with the next deployment. `environmentEncryption` encrypts it with a key of your own.
   */
  ENVIRONMENT = 'environment',

  /**
   * By its ARN, in an environment variable of the secret's name with `_SECRET_ARN` at the end. The server reads the value from
   * the AWS Parameters and Secrets Lambda Extension, a layer that is added, and finds a rotated one within minutes.
   *
   * The value is nowhere but in Secrets Manager and in the server's memory. The start takes longer, and the server needs code for it.
   */
  ARN = 'arn',
}

/**
 * A secret for a server.
 */
export interface McpSecretOptions {
  /** The secret. Its value is taken as a whole, not as JSON. */
  readonly secret: ISecret;

  /**
   * How the server gets its value.
   *
   * @default McpSecretDelivery.ENVIRONMENT
   */
  readonly delivery?: McpSecretDelivery;

  /**
   * The version of the secret whose value goes into the environment: with another one, the function is another, so that the deployment brings
   * the new value. Only with `McpSecretDelivery.ENVIRONMENT`.
   *
   * @default - the version that is current when CloudFormation changes the function
   */
  readonly versionId?: string;
}

/**
 * What secrets make of a function.
 *
 * @internal
 */
export interface SecretSettings {
  readonly environment: { [key: string]: string };
  readonly paramsAndSecrets?: ParamsAndSecretsLayerVersion;
}

/**
 * Lets the role read the secrets whose ARN is delivered, and nothing else: for the others, CloudFormation reads.
 *
 * @internal
 */
export function applySecrets(scope: Construct, secrets: { [name: string]: McpSecretOptions }, role: IRole): SecretSettings {
  const environment: { [key: string]: string } = {};
  let reads = false;
  for (const [name, options] of Object.entries(secrets)) {
    if (deliveryOf(scope, options) === McpSecretDelivery.ENVIRONMENT) {
      environment[name] = reference(options);
    } else {
      environment[`${name}_SECRET_ARN`] = options.secret.secretArn;
      grantRead(scope, options.secret, role);
      reads = true;
    }
  }
  return { environment, paramsAndSecrets: reads ? ParamsAndSecretsLayerVersion.fromVersion(ParamsAndSecretsVersions.V1_0_103) : undefined };
}

function deliveryOf(scope: Construct, { delivery = McpSecretDelivery.ENVIRONMENT }: McpSecretOptions): McpSecretDelivery {
  const context: unknown = scope.node.tryGetContext(DELIVERY_CONTEXT);
  if (context !== undefined && context !== McpSecretDelivery.ENVIRONMENT) {
    throw new Error(`context ${DELIVERY_CONTEXT} is ${JSON.stringify(context)}: it can only be environment`);
  }
  return context === undefined ? delivery : McpSecretDelivery.ENVIRONMENT;
}

/** The right to decrypt is given here too, since the policy of a key that the stack only refers to can't be changed. */
function grantRead(scope: Construct, secret: ISecret, role: IRole): void {
  secret.grantRead(role);
  if (!secret.encryptionKey) return;
  const { region, urlSuffix } = Stack.of(scope);
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [secret.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
  }));
}

/** Text that CloudFormation replaces by the value; the value itself is never here. */
function reference({ secret, versionId }: McpSecretOptions): string {
  return SecretValue.secretsManager(secret.secretFullArn ?? secret.secretName, { versionId }).unsafeUnwrap();
}

/**
 * @internal
 */
export function checkSecrets(secrets: { [name: string]: McpSecretOptions }, environment: { [key: string]: string }): void {
  for (const [name, { delivery, versionId }] of Object.entries(secrets)) {
    if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name)) {
      throw new Error(`secrets has ${JSON.stringify(name)}, which can be no environment variable: begin with a letter, and use letters, digits and underscores`);
    }
    const variable = delivery === McpSecretDelivery.ARN ? `${name}_SECRET_ARN` : name;
    if (variable in environment) throw new Error(`environment.${variable} is what secrets.${name} sets: give one of the two`);
    if (versionId !== undefined && delivery === McpSecretDelivery.ARN) {
      throw new Error(`secrets.${name}.versionId has no effect with McpSecretDelivery.ARN: the server reads the current version`);
    }
    if (versionId !== undefined && !Token.isUnresolved(versionId) && !/^[A-Za-z0-9-]{32,64}$/.test(versionId)) {
      throw new Error(`secrets.${name}.versionId is ${JSON.stringify(versionId)}: the id of a version has 32 to 64 letters, digits and hyphens`);
    }
  }
}
