import { devNull } from 'node:os';
import { join } from 'node:path';
import { endpointOf, LOCAL_ACCOUNT, localFolder, type LocalState } from './state';
import { writeAtomic } from '../../util/files';

/** The configuration file for the AWS CLI and SDKs, with the credentials of the current start. Only its owner can read it. */
export function profileFile(): string {
  return join(localFolder(), 'aws-config');
}

/** Write the configuration file for the AWS CLI and SDKs. */
export function writeProfile(state: LocalState): void {
  const lines = [
    '[default]',
    `endpoint_url = ${endpointOf(state)}`,
    `aws_access_key_id = ${LOCAL_ACCOUNT}`,
    `aws_secret_access_key = ${state.secret}`,
    // The AWS CLI 1 presigns URLs with an older signature version, which the guard refuses.
    's3 =',
    '  signature_version = s3v4',
  ];
  writeAtomic(profileFile(), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** Variables that take precedence over the file. */
const OVERRIDING_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL'];

/** Shell commands that configure the AWS CLI and SDKs for the local AWS. The secret stays in the file. */
export function shellLines(region: string, file: string = profileFile()): string[] {
  const variables = {
    AWS_CONFIG_FILE: file,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_PROFILE: 'default',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
  return [`unset ${OVERRIDING_VARIABLES.join(' ')}`, ...exports];
}
