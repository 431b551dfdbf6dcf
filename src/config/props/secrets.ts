import { Annotations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { McpSecretDelivery, McpSecretOptions } from '../../function/mcp-secrets';
import { ContextKey } from '../../private/context';
import type { Deployment } from '../load/deploy-file';

type Declared = Deployment['secrets'][string];

interface Found {
  readonly arn: string;
  readonly versionId: string;
}

/** The secrets that a deploy.toml declares and that exist. */
export function secrets(scope: Construct, deployment: Deployment, prefix: string): { [name: string]: McpSecretOptions } {
  const found = foundSecrets(scope);
  const wanted = Object.entries(deployment.secrets).filter(([name, { required }]) => (found ? found[name] !== undefined : required));
  if (!found) warnOfOptional(scope, deployment);
  return Object.fromEntries(wanted.map(([name, declared]) => [name, {
    secret: imported(scope, name, declared, prefix, found?.[name]),
    delivery: declared.delivery === 'arn' ? McpSecretDelivery.ARN : McpSecretDelivery.ENVIRONMENT,
    versionId: declared.delivery === 'arn' ? undefined : found?.[name].versionId,
  }]));
}

/** Servers of one stack may share a secret. */
function imported(scope: Construct, name: string, { kms_key_arn: keyArn }: Declared, prefix: string, found?: Found): ISecret {
  const id = `Secret${name}`;
  const existing = scope.node.tryFindChild(id);
  if (existing) return existing as Construct & ISecret;
  const encryptionKey = keyArn === undefined ? undefined : Key.fromKeyArn(scope, `${id}Key`, keyArn);
  if (found) return Secret.fromSecretAttributes(scope, id, { secretCompleteArn: found.arn, encryptionKey });
  if (encryptionKey) {
    return Secret.fromSecretAttributes(scope, id, { secretPartialArn: partialArn(scope, id, prefix + name), encryptionKey });
  }
  return Secret.fromSecretNameV2(scope, id, prefix + name);
}

function partialArn(scope: Construct, id: string, name: string): string {
  return Secret.fromSecretNameV2(scope, `${id}Name`, name).secretArn;
}

function warnOfOptional(scope: Construct, deployment: Deployment): void {
  const optional = Object.entries(deployment.secrets).filter(([, { required }]) => !required).map(([name]) => name);
  if (optional.length === 0) return;
  Annotations.of(scope).addWarningV2('pmcp-deploy:optionalSecrets',
    `${optional.join(', ')}: only "pmcp-deploy deploy" knows if optional secrets are set; deployed in another way, the server does not `
      + 'get them');
}

function foundSecrets(scope: Construct): Readonly<Record<string, Found>> | undefined {
  const context: unknown = scope.node.tryGetContext(ContextKey.SECRETS);
  return typeof context === 'string' ? JSON.parse(context) as Record<string, Found> : context as Record<string, Found> | undefined;
}
