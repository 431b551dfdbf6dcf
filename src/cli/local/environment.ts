import { devNull } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { endpointOf, LOCAL_ACCOUNT } from './state';

/** What is kept of the user's environment: where programs, libraries and certificates are, and the language. */
const KEPT = ['PATH', 'USER', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'SystemRoot', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** The folders of a local AWS, inside its own, which each start makes anew. */
export const FOLDERS = ['home', 'tmp', 'data'];

/**
 * The environment of the local AWS, and so of the functions that it runs: none of the user's credentials, tokens and settings.
 *
 * Their home folder is an empty one, so that SDKs and other programs do not find what lies in the user's. It is no sandbox: they are
 * processes of the user.
 */
export function localAwsEnvironment(folder: string, port: number, secret: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  return {
    ...Object.fromEntries(KEPT.filter((name) => env[name] !== undefined).map((name) => [name, env[name]])),
    // This Node.js itself: a version manager's "node" looks for the real one in the home folder.
    PATH: [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    STATE_DIR: join(folder, 'data', 'state'),
    S3_DATA_DIR: join(folder, 'data', 's3'),
    // What signs and checks requests, and what functions get.
    AWS_ACCESS_KEY_ID: LOCAL_ACCOUNT,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_ENDPOINT_URL: endpointOf({ port }),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Listeners on fixed ports, which somebody else may have.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // At start and end it removes the containers of every ministack on the machine; with no Docker in reach it leaves them alone.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
}
