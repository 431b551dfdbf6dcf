import { CfnOutput } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { OutputName } from './outputs';

/**
 * An output with its value and its description.
 *
 * @internal
 */
export interface OutputValue {
  readonly name: OutputName;
  readonly value: string;
  readonly description: string;
}

/**
 * Add outputs to the stack. The prefix keeps the names of several servers apart.
 *
 * @internal
 */
export function addOutputs(scope: Construct, prefix: string, outputs: readonly OutputValue[]): void {
  for (const { name, value, description } of outputs) {
    new CfnOutput(scope, name, { value, description }).overrideLogicalId(prefix + name);
  }
}
