// What the command line uses: imported as a whole, the bundle would have all of the client.
export {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
