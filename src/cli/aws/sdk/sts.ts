// Only these commands: an import of the whole package would put all of the client into the bundle.
export { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
