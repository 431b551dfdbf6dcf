// What the command line uses: imported as a whole, the bundle would have all of the client.
export { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
