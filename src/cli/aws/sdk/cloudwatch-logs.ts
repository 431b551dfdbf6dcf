// Only these commands: an import of the whole package would put all of the client into the bundle.
export { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
