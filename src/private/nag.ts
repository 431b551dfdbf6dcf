import { IConstruct } from 'constructs';

/**
 * Record why a rule of a validation plugin, such as cdk-nag, does not apply to a construct.
 *
 * Releases of aws-cdk-lib that have `Validations` read this metadata; older ones ignore it.
 *
 * @internal
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  construct.node.addMetadata('aws:cdk:acknowledged-rules', { [rule]: reason });
}
