import { Aws, CfnCondition, Fn, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const COMMERCIAL = 'console.aws.amazon.com';

/** Hosts of the AWS Management Console in partitions that have their own, by the prefix of their regions. */
const CONSOLES: ReadonlyArray<readonly [partition: string, regions: string, host: string]> = [
  // https://docs.amazonaws.cn/en_us/aws/latest/userguide/introduction.html
  ['aws-cn', 'cn-', 'console.amazonaws.cn'],
  // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-endpoints.html
  ['aws-us-gov', 'us-gov-', 'console.amazonaws-us-gov.com'],
];

/**
 * The host of the AWS Management Console for a stack. CloudFormation resolves it if the stack has no fixed region.
 *
 * @internal
 */
export function consoleHost(scope: Construct): string {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region)) return CONSOLES.find(([, regions]) => region.startsWith(regions))?.[2] ?? COMMERCIAL;
  return CONSOLES.reduce<string>((otherwise, [partition, , host]) => {
    const condition = new CfnCondition(scope, `Partition-${partition}`, { expression: Fn.conditionEquals(Aws.PARTITION, partition) });
    return Fn.conditionIf(condition.logicalId, host, otherwise).toString();
  }, COMMERCIAL);
}
