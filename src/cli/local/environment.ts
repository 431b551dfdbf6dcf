import { devNull } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { endpointOf, LOCAL_ACCOUNT } from './state';

/** Variables of the user that the local AWS gets: paths of programs, libraries and certificates, and the language. */
const PASSED_ON = ['PATH', 'USER', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'SystemRoot', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** The folders of a local AWS, inside its own folder. Each start recreates them. */
export const FOLDERS = ['home', 'tmp', 'data'];

/**
 * The environment of the local AWS, and of the functions that it runs, without the user's credentials, tokens and settings.
 *
 * The home folder is an empty one, so SDKs and other programs do not find the files in the user's. It is not a sandbox: these are processes
 * of the user.
 */
export function localAwsEnvironment(folder: string, port: number, secret: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  return {
    ...Object.fromEntries(PASSED_ON.filter((name) => env[name] !== undefined).map((name) => [name, env[name]])),
    // The current Node.js: the "node" of a version manager looks for the real one in the home folder.
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
    // Credentials to sign and check requests. Functions get them too.
    AWS_ACCESS_KEY_ID: LOCAL_ACCOUNT,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_ENDPOINT_URL: endpointOf({ port }),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // These services listen on fixed ports, which may be in use.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // ministack removes the containers of every ministack on the machine at start and end, unless it cannot reach Docker.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
}
