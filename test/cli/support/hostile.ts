import { onCleanup, TestProject } from './project';
import { serverMetadata, startProtected } from './protected-server';
import { cli, type Ran } from './run';
import { openBrowser } from '../../../src/cli/login/browser';
import type { SignIn } from '../../../src/cli/login/store';

/** Where the metadata of the authorization server are, and those of the endpoint. */
export const SERVER = 'GET /.well-known/oauth-authorization-server';
export const RESOURCE = 'GET /.well-known/oauth-protected-resource/mcp';

/** What no hostile server may get. */
export const SECRET = 'THE-REFRESH-TOKEN';

export type Started = Awaited<ReturnType<typeof startProtected>>;
type Replies = NonNullable<Parameters<typeof startProtected>[0]>;
type Values = Readonly<Record<string, unknown>>;

interface SignInTests {
  /** What was shown by functions that were called without `run`. */
  readonly shown: () => string;
  readonly run: (...args: string[]) => Promise<Ran>;
  readonly env: () => NodeJS.ProcessEnv;
}

/** Gives each test a cache folder of its own, and collects what is shown. */
export function signInTests(): SignInTests {
  const before = process.env.PMCP_DEPLOY_CACHE;
  let project: TestProject;
  let shown: string[];
  beforeEach(() => {
    project = new TestProject();
    process.env.PMCP_DEPLOY_CACHE = project.cache;
    shown = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
    jest.mocked(openBrowser).mockReset();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env.PMCP_DEPLOY_CACHE;
    else process.env.PMCP_DEPLOY_CACHE = before;
  });
  const env = () => ({ ...process.env, PMCP_DEPLOY_CACHE: project.cache });
  return { shown: () => shown.join(''), env, run: async (...args) => cli(project.root, env(), ...args) };
}

/** An endpoint with its authorization server, until the test is over. */
export async function server(replies?: Replies): Promise<Started> {
  const started = await startProtected(replies);
  onCleanup(started.close);
  return started;
}

/** Metadata of an authorization server, with other values. */
export function metadata(origin: string, other: Values = {}) {
  return { status: 200, body: { ...serverMetadata(origin), ...other } };
}

/** An endpoint whose authorization server has these metadata. */
export async function withMetadata(other: (origin: string) => Values, more: Replies = () => ({})): Promise<Started> {
  return server((origin) => ({ [SERVER]: metadata(origin, other(origin)), ...more(origin) }));
}

/** An endpoint that names this authorization server, and perhaps another resource than itself. */
export async function naming(issuer: unknown, resource?: string): Promise<Started> {
  return server((origin) => ({
    [RESOURCE]: { status: 200, body: { resource: resource ?? `${origin}/mcp`, authorization_servers: [issuer ?? origin] } },
  }));
}

/** Somebody whose browser goes where it is sent, and brings the answer, perhaps with changes. */
export function person(change: (answer: URL) => void = () => undefined): { readonly statuses: number[] } {
  const statuses: number[] = [];
  jest.mocked(openBrowser).mockImplementation((page) => {
    void (async () => {
      let url = new URL(page);
      for (let hops = 0; hops < 5; hops++) {
        const { status, headers } = await fetch(url, { redirect: 'manual' });
        statuses.push(status);
        const next = headers.get('location');
        if (next === null) return;
        url = new URL(next.replace('//localhost', '//127.0.0.1'), url);
        if (url.pathname.startsWith('/callback')) change(url);
      }
    })();
  });
  return { statuses };
}

/** What was posted to a server, perhaps to one path of it. */
export function posts({ requests }: Started, path: string = '/'): string[] {
  return requests.filter((request) => request.startsWith(`POST ${path}`));
}

/** A sign-in of an honest issuer, whose access token has expired. */
export function kept(url: string, issuer: string, more: Partial<SignIn> = {}): SignIn {
  return {
    url,
    client: { client_id: 'honest-client', issuer },
    tokens: { access_token: 'old', token_type: 'Bearer', refresh_token: SECRET, issuer },
    expires: Date.now() - 1000,
    ...more,
  };
}
