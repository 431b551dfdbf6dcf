import { type EscalationPath, OTHER_RIGHTS } from './escalation-path';
import * as kinds from '../kinds';
import { kind } from '../kinds';

/** Rights of roles, and of Lambda functions. */
export const ROLE_AND_FUNCTION_PATHS: readonly EscalationPath[] = [
  {
    actions: 'iam:PassRole',
    kinds: [kinds.ROLE],
    naming: 'exact',
    power: 'let AWS services act for it with the rights of any role that they may use',
  },
  {
    actions: 'sts:AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity',
    kinds: [kinds.ROLE],
    naming: 'exact',
    power: 'take on the rights of any role that trusts it',
  },
  {
    actions: 'lambda:UpdateFunctionCode UpdateFunctionConfiguration AddPermission CreateFunctionUrlConfig UpdateFunctionUrlConfig '
      + 'UpdateAlias PutFunctionCodeSigningConfig UpdateFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig EnableReplication',
    kinds: [kinds.FUNCTION],
    naming: 'exact',
    power: 'run code of its own with the rights of other functions, or let others call them',
  },
  {
    actions: 'lambda:PublishLayerVersion AddLayerVersionPermission',
    kinds: [kind('lambda', 'layer:', 'layer', ':{/}')],
    naming: 'exact',
    power: 'put its own code into other functions, or show their layers to others',
  },
  { actions: 'lambda:CreateFunction', kinds: [kinds.FUNCTION], naming: 'prefix', withPassRole: 'exact', power: OTHER_RIGHTS },
  {
    actions: 'lambda:InvokeFunction InvokeAsync InvokeFunctionUrl CreateEventSourceMapping UpdateEventSourceMapping',
    kinds: [kinds.FUNCTION, kind('lambda', 'event-source-mapping:', 'event source mapping')],
    naming: 'prefix',
    power: 'call every function, those too that act for deployments with rights of their own',
  },
];
