// Only these commands: an import of the whole package would put all of the client into the bundle.
export { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
