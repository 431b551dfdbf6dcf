import { Annotations } from 'aws-cdk-lib';
import { HttpAuthorizer, HttpAuthorizerType, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct } from 'constructs';
import { addRegistration, registrationPath } from './cognito/client-registration';
import { McpCognitoAuthOptions } from './cognito/cognito-options';
import { firstScopes, mcpScopes } from './cognito/scopes';
import { CognitoSignIn, createCognitoSignIn } from './cognito/sign-in';
import { AuthTarget, addDiscovery, claimWellKnownRoot } from './discovery/discovery';
import { McpJwtAuthOptions } from './jwt-options';
import { audiences, checkCognito, checkJwt, originOf } from './validate';
import { checkAuthorizers } from '../endpoint/quotas';
import { OutputName } from '../private/outputs';
import { OutputValue } from '../private/stack-outputs';

/**
 * Authorization of a server's routes.
 *
 * @internal
 */
export interface AuthBinding {
  readonly mode: string;
  readonly authorizer?: IHttpRouteAuthorizer;

  /** A token must have one of them. */
  readonly scopes?: string[];

  /** Outputs of the stack. */
  readonly outputs: OutputValue[];

  readonly cognito?: CognitoSignIn;

  /** Reason why the routes need no authorization. */
  readonly acknowledged?: string;
}

/**
 * Authentication and authorization of callers of an MCP server.
 */
export abstract class McpAuth {
  /** No authentication: the server is public. */
  public static none(): McpAuth {
    return new NoAuth();
  }

  /**
   * IAM: principals of AWS whose policies allow `execute-api:Invoke`. They sign their requests with SigV4. MCP clients need a proxy for
   * that.
   */
  public static iam(): McpAuth {
    return new IamAuth();
  }

  /**
   * Access tokens of an OpenID Connect provider that signs with RSA.
   *
   * @throws UserError if there is no scope, if there are more than 10, or if the issuer is not an https URL
   */
  public static jwt(options: McpJwtAuthOptions): McpAuth {
    checkJwt(options);
    return new JwtAuth(options);
  }

  /**
   * Users of an Amazon Cognito user pool, new or existing, who sign in through OAuth in their MCP client.
   *
   * @throws UserError if an option is invalid or contradicts another
   */
  public static cognito(options: McpCognitoAuthOptions = {}): McpAuth {
    checkCognito(options);
    return new CognitoAuth(options);
  }

  protected constructor() {}

  /**
   * Create the authorizer and what belongs to it.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, target: AuthTarget): AuthBinding;
}

/**
 * Warn about an endpoint that is public because no authentication was chosen.
 *
 * @internal
 */
export function warnPublicEndpoint(scope: Construct): void {
  Annotations.of(scope).addWarningV2('pmcp-deploy:publicEndpoint',
    'the MCP endpoint is public: anyone who knows its URL can call its tools; set auth (McpAuth.cognito, McpAuth.jwt, McpAuth.iam, or '
    + 'McpAuth.none() if it is meant to be public), or [auth] in deploy.toml');
}

class NoAuth extends McpAuth {
  constructor() {
    super();
  }

  public _bind(): AuthBinding {
    return { mode: 'none', outputs: [], acknowledged: 'McpAuth.none() says that the endpoint is meant to be public.' };
  }
}

class IamAuth extends McpAuth {
  constructor() {
    super();
  }

  public _bind(): AuthBinding {
    return { mode: 'iam', authorizer: new HttpIamAuthorizer(), outputs: [] };
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
      outputs: [
        { name: OutputName.ISSUER, value: issuer, description: 'Issuer of the access tokens' },
        ...clientId === undefined ? [] : [{ name: OutputName.CLIENT_ID, value: clientId, description: CLIENT_ID_HELP }],
      ],
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
    // RFC 8414 appends the issuer's path to the well-known name, so two servers of one API need two issuers.
    const origin = options.resourceUrl === undefined ? target.apiUrl : originOf(options.resourceUrl, target.path);
    const issuer = root ? origin : `${origin}${target.path}`;
    const cognito = createCognitoSignIn(scope, options);
    const registerAt = registrationPath(target.path, root);
    const { registration } = options;
    if (registration) {
      addRegistration(scope, { ...target, cognito, options, registration: registration._options, registrationPath: registerAt });
    }
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
      outputs: [
        { name: OutputName.CLIENT_ID, value: cognito.client.userPoolClientId, description: CLIENT_ID_HELP },
        ...cognito.machineClient ? [{
          name: OutputName.MACHINE_CLIENT_ID,
          value: cognito.machineClient.userPoolClientId,
          description: 'OAuth client id for machines; its secret is in the user pool',
        }] : [],
        { name: OutputName.ISSUER, value: issuer, description: 'Authorization server that MCP clients find' },
        { name: OutputName.SIGN_IN_URL, value: cognito.signInUrl, description: 'Address of the sign-in page' },
        { name: OutputName.USER_POOL_ID, value: cognito.userPool.userPoolId, description: 'User pool' },
      ],
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
  // HttpJwtAuthorizer would be a child of the API, where the authorizers of several servers would have the same id.
  return { bind: () => ({ authorizerId, authorizationType: 'JWT' }) };
}
