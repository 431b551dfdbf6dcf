import type { EscalationPath } from './escalation-path';
import { kind } from '../kinds';

/** Rights of people who sign in. */
export const SIGN_IN_PATHS: readonly EscalationPath[] = [
  {
    actions: 'cognito-idp:AdminSetUserPassword AdminCreateUser AdminUpdateUserAttributes AdminInitiateAuth AdminRespondToAuthChallenge '
      + 'AdminResetUserPassword AdminSetUserMFAPreference AdminAddUserToGroup AdminConfirmSignUp AdminEnableUser '
      + 'AdminLinkProviderForUser CreateGroup UpdateGroup CreateIdentityProvider UpdateIdentityProvider CreateUserPoolClient '
      + 'UpdateUserPoolClient DescribeUserPoolClient AddUserPoolClientSecret UpdateUserPool SetUserPoolMfaConfig CreateUserImportJob '
      + 'StartUserImportJob',
    kinds: [kind('cognito-idp', 'userpool/', 'user pool')],
    naming: 'exact',
    power: 'sign in as the users of any application',
  },
  {
    actions: 'cognito-identity:SetIdentityPoolRoles UpdateIdentityPool CreateIdentityPool SetPrincipalTagAttributeMap '
      + 'GetOpenIdTokenForDeveloperIdentity GetCredentialsForIdentity MergeDeveloperIdentities',
    kinds: [kind('cognito-identity', 'identitypool/', 'identity pool')],
    naming: 'exact',
    power: 'give roles to people outside, or take theirs',
  },
  {
    actions: 'ds:ResetUserPassword EnableRoleAccess',
    kinds: [kind('ds', 'directory/', 'directory')],
    naming: 'exact',
    power: 'sign in as others',
  },
];
