// Only these commands: an import of the whole package would put all of the client into the bundle.
export {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
