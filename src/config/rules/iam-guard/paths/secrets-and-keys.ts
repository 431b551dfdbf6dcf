import type { EscalationPath } from './escalation-path';
import * as kinds from '../kinds';
import { kind } from '../kinds';

/** Secrets, parameters and keys. */
export const SECRET_AND_KEY_PATHS: readonly EscalationPath[] = [
  {
    actions: 'secretsmanager:GetSecretValue PutSecretValue UpdateSecret PutResourcePolicy DeleteSecret RotateSecret '
      + 'ReplicateSecretToRegions '
      + 'UpdateSecretVersionStage',
    kinds: [kinds.SECRET],
    naming: 'prefix',
    power: 'read or change every secret of the account, keys of administrators included',
  },
  {
    actions: 'ssm:GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter DeleteParameters '
      + 'LabelParameterVersion PutResourcePolicy',
    kinds: [kinds.PARAMETER],
    naming: 'prefix',
    power: 'read or change every parameter of the account, secret ones included',
  },
  {
    actions: 'kms:Decrypt ReEncryptFrom DeriveSharedSecret Sign GenerateMac CreateGrant PutKeyPolicy ReplicateKey ScheduleKeyDeletion '
      + 'DisableKey ImportKeyMaterial DeleteImportedKeyMaterial UpdatePrimaryRegion',
    kinds: [kinds.KEY],
    naming: 'exact',
    power: 'decrypt or sign with every key that leaves it to IAM, or give keys away',
  },
  {
    actions: 'kms:UpdateAlias CreateAlias DeleteAlias',
    kinds: [kinds.KEY, kind('kms', 'alias/', 'alias')],
    naming: 'exact',
    power: 'put another key in place of one',
  },
];
