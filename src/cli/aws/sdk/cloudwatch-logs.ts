// What the command line uses: imported as a whole, the bundle would have all of the client.
export { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
