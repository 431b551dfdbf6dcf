import { CfnAuthorizer, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { contextCount, ContextKey } from '../private/context';
import { UserError } from '../util/user-error';

const QUOTAS = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';

/** API Gateway's quota of authorizers per API. AWS Support can raise it; `ContextKey.AUTHORIZERS_PER_API` is the new quota. */
const AUTHORIZERS_PER_API = 10;

/**
 * API Gateway's quota of scopes per route, which cannot be raised.
 *
 * @internal
 */
export const SCOPES_PER_ROUTE = 10;

/**
 * @throws UserError if a route has more scopes than API Gateway allows
 * @internal
 */
export function checkScopeCount(name: string, count: number): void {
  if (count <= SCOPES_PER_ROUTE) return;
  throw new UserError(`${name} has ${count} scopes: API Gateway allows ${SCOPES_PER_ROUTE} per route (${QUOTAS}); `
    + 'list the scopes that give access to the server, and let tools check finer rights by other claims, such as groups');
}

const checked = new WeakSet<IHttpApi>();

/**
 * Check the number of authorizers of an API over the whole app, now and again at synthesis.
 *
 * @throws UserError if the API has too many already
 * @internal
 */
export function checkAuthorizers(httpApi: IHttpApi): void {
  const tooMany = (): string[] => {
    const most = contextCount(httpApi, ContextKey.AUTHORIZERS_PER_API) ?? AUTHORIZERS_PER_API;
    const authorizers = httpApi.node.root.node.findAll().filter(CfnAuthorizer.isCfnAuthorizer);
    const count = authorizers.filter(({ apiId }) => apiId === httpApi.apiId).length;
    return count <= most ? [] : [
      `the HTTP API ${httpApi.node.path} has ${count} authorizers: API Gateway allows ${AUTHORIZERS_PER_API} (${QUOTAS}); remove `
        + 'httpApi, so '
      + 'that a server gets its own API, or let AWS Support raise the quota of this API, and set the context '
      + `${ContextKey.AUTHORIZERS_PER_API} to the new quota`,
    ];
  };
  const found = tooMany();
  if (found.length > 0) throw new UserError(found[0]);
  if (checked.has(httpApi)) return;
  checked.add(httpApi);
  httpApi.node.addValidation({ validate: tooMany });
}
