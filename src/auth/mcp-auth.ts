import { Annotations } from 'aws-cdk-lib';
import { HttpAuthorizer, HttpAuthorizerType, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions, McpJwtAuthOptions } from './auth-options';
import { addRegistration, registrationPath } from './client-registration';
import { CognitoSignIn, createCognitoSignIn } from './cognito';
import { AuthTarget, addDiscovery, claimWellKnownRoot } from './discovery';
import { checkAuthorizers } from './quotas';
import { firstScopes, mcpScopes } from './scopes';
import { audiences, checkCognito, checkJwt, originOf } from './validate';

/**
 * What protects a server's routes, and what to tell about it.
 *
 * @internal
 */
export interface AuthBinding {
  readonly mode: string;
  readonly authorizer?: IHttpRouteAuthorizer;

  /** A token must have one of them. */
  readonly scopes?: string[];

  /** Names and values of outputs, each with a description. */
  readonly outputs: { [name: string]: [value: string, description: string] };

  readonly cognito?: CognitoSignIn;

  /** Why the routes need no authorization. */
  readonly acknowledged?: string;
}

/**
 * Who may call an MCP server.
 */
export abstract class McpAuth {
  /** Anybody: the server is public. */
  public static none(): McpAuth {
    return new NoAuth();
  }

  /** Principals of AWS whose policies allow `execute-api:Invoke`. They sign their requests (SigV4), which MCP clients do through a proxy. */
  public static iam(): McpAuth {
    return new IamAuth();
  }

  /**
   * Bearers of access tokens of an OpenID Connect provider that signs with RSA.
   *
   * @throws when no scope or more than 10 are given, or the issuer is no https URL
   */
  public static jwt(options: McpJwtAuthOptions): McpAuth {
    checkJwt(options);
    return new JwtAuth(options);
  }

  /**
   * Users of an Amazon Cognito user pool, a new one or an existing one, signed in through OAuth as MCP clients expect it.
   *
   * @throws when options do not go together
   */
  public static cognito(options: McpCognitoAuthOptions = {}): McpAuth {
    checkCognito(options);
    return new CognitoAuth(options);
  }

  protected constructor() {}

  /**
   * Makes what is needed in front of a server.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, target: AuthTarget): AuthBinding;
}

/**
 * Says that nobody has said who may call.
 *
 * @internal
 */
export function warnPublicEndpoint(scope: Construct): void {
  Annotations.of(scope).addWarningV2('pmcp-deploy:publicEndpoint',
    'the MCP endpoint is public: anybody who knows its URL can call its tools; say who may with auth (McpAuth.cognito, McpAuth.jwt, McpAuth.iam, '
    + 'or McpAuth.none() where it is meant to be public), or with [auth] in deploy.toml');
}

class NoAuth extends McpAuth {
  constructor() {
    super();
  }

  public _bind(): AuthBinding {
    return { mode: 'none', outputs: {}, acknowledged: 'McpAuth.none() says that the endpoint is meant to be public.' };
  }
}

class IamAuth extends McpAuth {
  constructor() {
    super();
  }

  public _bind(): AuthBinding {
    return { mode: 'iam', authorizer: new HttpIamAuthorizer(), outputs: {} };
  }
}

class JwtAuth extends McpAuth {
  constructor(private readonly options: McpJwtAuthOptions) {
    super();
  }

  public _bind(scope: Construct, target: AuthTarget): AuthBinding {
    const { issuer, scopes, clientId, audience = [] } = this.options;
    const resource = this.options.resourceUrl ?? target.url;
    if (this.options.resourceUrl !== undefined) originOf(this.options.resourceUrl, target.path);
    addDiscovery(scope, { ...target, resource, scopes, issuer, root: claimWellKnownRoot(target.httpApi) });
    return {
      mode: 'jwt',
      authorizer: jwtAuthorizer(scope, target, issuer, audiences(resource, audience)),
      scopes,
      outputs: {
        McpIssuer: [issuer, 'Issuer of the access tokens'],
        ...clientId === undefined ? {} : { McpClientId: [clientId, CLIENT_ID_HELP] },
      },
    };
  }
}

const CLIENT_ID_HELP = 'OAuth client id for MCP clients that do not register themselves; it has no secret';

class CognitoAuth extends McpAuth {
  constructor(private readonly options: McpCognitoAuthOptions) {
    super();
  }

  public _bind(scope: Construct, target: AuthTarget): AuthBinding {
    const { options } = this;
    const root = claimWellKnownRoot(target.httpApi);
    const resource = options.resourceUrl ?? target.url;
    // RFC 8414: the path of an issuer stands behind the well-known name, so two servers of one API need two issuers.
    const origin = options.resourceUrl === undefined ? target.apiUrl : originOf(options.resourceUrl, target.path);
    const issuer = root ? origin : `${origin}${target.path}`;
    const cognito = createCognitoSignIn(scope, options);
    const registerAt = registrationPath(target.path, root);
    const { registration } = options;
    if (registration) addRegistration(scope, { ...target, cognito, options, registration, registrationPath: registerAt });
    addDiscovery(scope, {
      ...target,
      resource,
      scopes: firstScopes(options),
      issuer,
      root,
      server: {
        signInUrl: cognito.signInUrl,
        jwksUri: `${cognito.issuer}/.well-known/jwks.json`,
        scopes: cognito.allScopes,
        registrationEndpoint: registration && `${origin}${registerAt}`,
        machines: cognito.machineClient !== undefined,
      },
    });
    const clientIds = [cognito.client, cognito.machineClient].flatMap((client) => client ? [client.userPoolClientId] : []);
    return {
      mode: 'cognito',
      authorizer: jwtAuthorizer(scope, target, cognito.issuer, options.strictAudience ? [resource] : [resource, ...clientIds]),
      scopes: mcpScopes(options),
      cognito,
      outputs: {
        McpClientId: [cognito.client.userPoolClientId, CLIENT_ID_HELP],
        ...cognito.machineClient ? { McpMachineClientId: [cognito.machineClient.userPoolClientId, 'OAuth client id for machines; its secret is in the user pool'] } : {},
        McpIssuer: [issuer, 'Authorization server that MCP clients find'],
        McpSignInUrl: [cognito.signInUrl, 'Address of the sign-in page'],
        McpUserPoolId: [cognito.userPool.userPoolId, 'User pool'],
      },
    };
  }
}

function jwtAuthorizer(scope: Construct, target: AuthTarget, jwtIssuer: string, jwtAudience: string[]): IHttpRouteAuthorizer {
  const { authorizerId } = new HttpAuthorizer(scope, 'Authorizer', {
    httpApi: target.httpApi,
    authorizerName: scope.node.id,
    type: HttpAuthorizerType.JWT,
    identitySource: ['$request.header.Authorization'],
    jwtIssuer,
    jwtAudience,
  });
  checkAuthorizers(target.httpApi);
  return { bind: () => ({ authorizerId, authorizationType: 'JWT' }) };
}
