import type { ResourceKind } from './patterns';

/** A kind of resource, as it is called in messages. */
export interface Kind extends ResourceKind {
  readonly called: string;

  /** What ARNs in statements always have behind the name. */
  readonly always?: string;
}

/**
 * @param behind what may follow the name, beginning with the character that ends it
 * @param always what always follows it in a statement
 */
export function kind(service: string, type: string, called: string, behind?: string, always?: string): Kind {
  return { service, type, called, behind, always };
}

/** Resources of whatever type of a service. */
export const typed = (service: string, called: string, behind?: string) => kind(service, '{}/', called, behind);

export const ROLE = kind('iam', 'role/', 'role');
export const IAM_KINDS = [
  ROLE, kind('iam', 'user/', 'user'), kind('iam', 'group/', 'group'), kind('iam', 'policy/', 'policy'),
  kind('iam', 'instance-profile/', 'instance profile'), kind('iam', 'oidc-provider/', 'OIDC provider'),
  kind('iam', 'saml-provider/', 'SAML provider'), kind('iam', 'mfa/', 'MFA device'),
  kind('iam', 'server-certificate/', 'server certificate'), kind('iam', 'delegation-request/', 'delegation request'),
];
export const FUNCTION = kind('lambda', 'function:', 'function', ':{/}');
export const STACK = kind('cloudformation', 'stack/', 'stack', '/{/}', '/*');
export const INSTANCE = kind('ec2', 'instance/', 'instance');
export const TASK_DEFINITION = kind('ecs', 'task-definition/', 'task definition', ':{/}', ':*');
export const STATE_MACHINE = kind('states', 'stateMachine:', 'state machine', ':{/}');
export const SECRET = kind('secretsmanager', 'secret:', 'secret');
export const PARAMETER = kind('ssm', 'parameter/', 'parameter');
export const KEY = kind('kms', 'key/', 'key');
export const BUCKET = kind('s3', '', 'bucket', '/{*}');

/** An ARN of a kind, as an example. */
export function exampleOf({ service, type, called, always = '' }: Kind, name: string): string {
  const place = { iam: ':${AWS::AccountId}', s3: ':', apigateway: '${AWS::Region}:' }[service] ?? '${AWS::Region}:${AWS::AccountId}';
  return `arn:\${AWS::Partition}:${service}:${place}:${type.replace('{}', called.replaceAll(' ', '-'))}${name}${always}`;
}
