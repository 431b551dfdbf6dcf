// What the command line uses: imported as a whole, the bundle would have all of the client.
export { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
