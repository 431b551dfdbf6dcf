import { Names, Stack } from 'aws-cdk-lib';
import { HttpRouteIntegrationBindOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * Integration of the MCP endpoint, with one permission for all methods of its path.
 *
 * A permission for the whole API would let anyone who can add a route to it call the function without the authorizer. A permission per
 * method would be three for the same path.
 *
 * @internal
 */
export class EndpointIntegration extends HttpLambdaIntegration {
  private permitted = false;

  constructor(id: string, private readonly target: IFunction) {
    super(id, target);
  }

  protected completeBind({ route, scope }: HttpRouteIntegrationBindOptions): void {
    if (this.permitted) return;
    this.permitted = true;
    const { path, httpApi } = route;
    // This is the id that the CDK uses for a permission for the whole API, as earlier releases had it. Ids are a contract.
    this.target.addPermission(`ApiPermission.ApiScoped.${Names.nodeUniqueId(this.target.node)}.${Names.nodeUniqueId(httpApi.node)}`, {
      scope,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(route).formatArn({ service: 'execute-api', resource: httpApi.apiId, resourceName: `*/*${path}` }),
    });
  }
}
