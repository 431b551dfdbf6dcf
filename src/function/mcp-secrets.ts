import { SecretValue, Stack, Token } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ParamsAndSecretsLayerVersion, ParamsAndSecretsVersions } from 'aws-cdk-lib/aws-lambda';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { VARIABLE_NAME } from './variable-names';
import { contextChoice, ContextKey } from '../private/context';
import { UserError } from '../util/user-error';

/**
 * How the server receives the value of a secret.
 */
export enum McpSecretDelivery {
  /**
   * CloudFormation writes the value into an environment variable with the secret's name, at deployment.
   *
   * Works with any server and adds no latency. Anyone who can read the function's configuration, or that of a retained version, can read
   * the value. A new value takes effect at the next deployment. `environmentEncryption` encrypts the variables with your own key.
   */
  ENVIRONMENT = 'environment',

  /**
   * The server gets the secret's ARN, in an environment variable with the secret's name and the suffix `_SECRET_ARN`. It reads the value
   * from the AWS Parameters and Secrets Lambda Extension, which is added as a layer, and gets a rotated value within minutes.
   *
   * The value is only in Secrets Manager and in the server's memory. Cold starts take longer, and the server needs code for it.
   */
  ARN = 'arn',
}

/**
 * Secret of a server.
 */
export interface McpSecretOptions {
  /** The secret. The server gets its whole value; JSON fields are not extracted. */
  readonly secret: ISecret;

  /**
   * How the server receives the value.
   *
   * @default McpSecretDelivery.ENVIRONMENT
   */
  readonly delivery?: McpSecretDelivery;

  /**
   * Version of the secret whose value is written into the environment. A new version changes the function, so that the deployment delivers
   * the new value. Only with `McpSecretDelivery.ENVIRONMENT`.
   *
   * @default - the version that is current when CloudFormation updates the function
   */
  readonly versionId?: string;
}

/**
 * Settings of a function that its secrets need.
 *
 * @internal
 */
export interface SecretSettings {
  readonly environment: { [key: string]: string };
  readonly paramsAndSecrets?: ParamsAndSecretsLayerVersion;
}

/**
 * Compute the function's settings for its secrets, and grant the role read access to those that are delivered by ARN. CloudFormation reads
 * the others.
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
  return contextChoice(scope, ContextKey.SECRET_DELIVERY, [McpSecretDelivery.ENVIRONMENT]) ?? delivery;
}

/** The role's own policy allows it to decrypt: the policy of an imported key cannot be changed. */
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

/** Dynamic reference that CloudFormation replaces with the value. The value itself is not in the template. */
function reference({ secret, versionId }: McpSecretOptions): string {
  return SecretValue.secretsManager(secret.secretFullArn ?? secret.secretName, { versionId }).unsafeUnwrap();
}

/**
 * @throws UserError if a secret cannot be delivered
 * @internal
 */
export function checkSecrets(secrets: { [name: string]: McpSecretOptions }, environment: { [key: string]: string }): void {
  for (const [name, { delivery, versionId }] of Object.entries(secrets)) {
    if (!VARIABLE_NAME.test(name)) {
      throw new UserError(`secrets has ${JSON.stringify(name)}, which is not a valid environment variable: begin with a letter, and use `
        + 'letters, digits and underscores');
    }
    const variable = delivery === McpSecretDelivery.ARN ? `${name}_SECRET_ARN` : name;
    if (variable in environment) {
      throw new UserError(`environment.${variable} and secrets.${name} set the same variable: remove one of the two`);
    }
    if (versionId !== undefined && delivery === McpSecretDelivery.ARN) {
      throw new UserError(`secrets.${name}.versionId has no effect with McpSecretDelivery.ARN: the server reads the current version`);
    }
    if (versionId !== undefined && !Token.isUnresolved(versionId) && !/^[A-Za-z0-9-]{32,64}$/.test(versionId)) {
      throw new UserError(`secrets.${name}.versionId is ${JSON.stringify(versionId)}: the id of a version has 32 to 64 letters, digits and `
        + 'hyphens');
    }
  }
}
