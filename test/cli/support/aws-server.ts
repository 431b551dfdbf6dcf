import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with a call. */
export type Fault = 'throttling' | 'failure' | 'silence' | 'expired credentials' | 'cut connection' | 'lost answer';

type Input = Record<string, any>;

/** An error that AWS answers. */
export class AwsAnswer extends Error {
  constructor(public readonly code: string, message: string, public readonly status: number = 400) {
    super(message);
  }
}

type Protocol = 'query' | 'json' | 'rest';

interface Call {
  readonly protocol: Protocol;

  /** For example `CloudFormation.DescribeStacks`. */
  readonly operation: string;
  readonly input: Input;
}

const TARGETS: Record<string, string> = {
  secretsmanager: 'SecretsManager',
  Logs_20140328: 'Logs',
  AmazonSSM: 'SSM',
  GraniteServiceVersion20100801: 'CloudWatch',
  AWSCognitoIdentityProviderService: 'Cognito',
};

const LAMBDA: ReadonlyArray<[method: string, path: RegExp, operation: string, ...names: string[]]> = [
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration', 'FunctionName'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/, 'GetAlias', 'FunctionName', 'Name'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/, 'UpdateAlias', 'FunctionName', 'Name'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/, 'DeleteAlias', 'FunctionName', 'Name'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/aliases$/, 'ListAliases', 'FunctionName'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/aliases$/, 'CreateAlias', 'FunctionName'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/versions$/, 'ListVersionsByFunction', 'FunctionName'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/versions$/, 'PublishVersion', 'FunctionName'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)$/, 'DeleteFunction', 'FunctionName'],
];

/** AWS on a port of this machine, in its own protocols, with faults where they are wanted. */
export class AwsServer {
  /** The operations that were called, each once, in the order of their first call. */
  public readonly operations = new Set<string>();
  private fault?: { readonly kind: Fault; readonly operation: string; left: number };
  private readonly server: Server;

  /** @param answers what each operation answers */
  constructor(private readonly answers: Record<string, (input: Input) => unknown>) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on(
        'end',
        () => this.answer(request, response, Buffer.concat(chunks).toString()),
      );
    });
  }

  public async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next calls of an operation go wrong. */
  public break(operation: string, kind: Fault, times: number): void {
    this.fault = { kind, operation, left: times };
  }

  public mend(): void {
    this.fault = undefined;
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const call = callOf(request, body);
    this.operations.add(call.operation);
    const { fault } = this;
    const kind = fault?.operation === call.operation && fault.left-- > 0 ? fault.kind : undefined;
    switch (kind) {
      case 'throttling': return refuse(response, call, THROTTLING[call.protocol](call.operation));
      case 'failure': return refuse(response, call, new AwsAnswer('InternalFailure', 'an error of our own', 500));
      case 'expired credentials': return refuse(
        response,
        call,
        new AwsAnswer(call.protocol === 'query' ? 'ExpiredToken' : 'ExpiredTokenException', 'it has expired', 403),
      );
      case 'silence': return;
      case 'cut connection': return void request.socket.destroy();
      default:
    }
    try {
      const result = this.answers[call.operation]?.(call.input) ?? {};
      if (kind === 'lost answer') request.socket.destroy();
      else respond(response, call, result as object);
    } catch (error) {
      if (!(error instanceof AwsAnswer)) throw error;
      refuse(response, call, error);
    }
  }
}

const THROTTLING: Record<Protocol, (operation: string) => AwsAnswer> = {
  query: () => new AwsAnswer('Throttling', 'Rate exceeded'),
  json: () => new AwsAnswer('ThrottlingException', 'Rate exceeded'),
  rest: () => new AwsAnswer('TooManyRequestsException', 'Rate exceeded', 429),
};

function callOf(request: IncomingMessage, body: string): Call {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service, operation] = target.split('.');
    return { protocol: 'json', operation: `${TARGETS[service]}.${operation}`, input: JSON.parse(body) };
  }
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://aws');
  if (pathname === '/') {
    const input = Object.fromEntries(new URLSearchParams(body));
    return { protocol: 'query', operation: `${input.Version === '2011-06-15' ? 'STS' : 'CloudFormation'}.${input.Action}`, input };
  }
  for (const [method, path, operation, ...names] of LAMBDA) {
    const match = request.method === method ? path.exec(pathname) : null;
    if (!match) continue;
    const inPath = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1])]));
    return {
      protocol: 'rest',
      operation: `Lambda.${operation}`,
      input: { ...Object.fromEntries(searchParams), ...body ? JSON.parse(body) : {}, ...inPath },
    };
  }
  throw new Error(`unknown call: ${request.method} ${pathname}`);
}

function respond(response: ServerResponse, { protocol, operation }: Call, result: object): void {
  const name = operation.split('.')[1];
  if (protocol === 'query') {
    response.writeHead(200, { 'content-type': 'text/xml' }).end(
      `<${name}Response><${name}Result>${xml(result)}</${name}Result></${name}Response>`,
    );
  } else {
    response.writeHead(200, {
      'content-type': protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json',
    }).end(JSON.stringify(result));
  }
}

function refuse(response: ServerResponse, { protocol }: Call, { code, message, status }: AwsAnswer): void {
  if (protocol === 'query') {
    const text = xml({ Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message }, RequestId: '1' });
    response.writeHead(status, { 'content-type': 'text/xml' }).end(`<ErrorResponse>${text}</ErrorResponse>`);
  } else {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-errortype': code,
    }).end(JSON.stringify({ __type: code, message }));
  }
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => `<member>${xml(each)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Object.entries(value).filter(([, each]) => each !== undefined).map(([name, each]) => `<${name}>${xml(each)}</${name}>`).join('');
}
