import { devNull } from 'node:os';
import { join } from 'node:path';
import { endpointOf, LOCAL_ACCOUNT, localFolder, type LocalState } from './state';
import { writeAtomic } from '../../util/files';

/** A configuration file for the aws CLI and SDKs, with the credentials of the present start in it. Only its owner can read it. */
export function profileFile(): string {
  return join(localFolder(), 'aws-config');
}

export function writeProfile(state: LocalState): void {
  const lines = [
    '[default]',
    `endpoint_url = ${endpointOf(state)}`,
    `aws_access_key_id = ${LOCAL_ACCOUNT}`,
    `aws_secret_access_key = ${state.secret}`,
    // The aws CLI 1 would presign addresses by an older version, which is not taken.
    's3 =',
    '  signature_version = s3v4',
  ];
  writeAtomic(profileFile(), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** Variables that would go before the file. */
const IN_THE_WAY = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL'];

/** Lines for a shell that lead the aws CLI and SDKs to the local AWS. The secret is not in them: it stays in the file. */
export function shellLines(region: string, file: string = profileFile()): string[] {
  const variables = {
    AWS_CONFIG_FILE: file,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_PROFILE: 'default',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
  return [`unset ${IN_THE_WAY.join(' ')}`, ...exports];
}
