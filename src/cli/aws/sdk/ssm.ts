// Only these commands: an import of the whole package would put all of the client into the bundle.
export { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
