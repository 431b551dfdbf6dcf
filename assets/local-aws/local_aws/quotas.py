"""Quotas of AWS that ministack does not have, and that a deployed server can reach.

HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
User pools: https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html
The limits are AWS's. Most messages have other words than those of AWS.
"""

from ministack.core.responses import error_response_json
from ministack.services import apigateway, cognito
from ministack.services.cloudformation import provisioners

MAX_SCOPES_OF_ROUTE = 10
MAX_AUTHORIZERS_OF_API = 10
MAX_CLIENTS_OF_POOL = 1000
MAX_CALLBACK_URLS_OF_CLIENT = 100

TOO_MANY_SCOPES = f"A route has at most {MAX_SCOPES_OF_ROUTE} authorization scopes"
TOO_MANY_AUTHORIZERS = f"An API has at most {MAX_AUTHORIZERS_OF_API} authorizers"


def limit_scopes(operation):
    """For CreateRoute and UpdateRoute, whose last argument is the request."""

    def limited(*args):
        if len(args[-1].get("authorizationScopes") or []) > MAX_SCOPES_OF_ROUTE:
            return apigateway._apigw_error("BadRequestException", TOO_MANY_SCOPES, 400)
        return operation(*args)

    return limited


def limit_authorizers(create):
    def create_authorizer(api_id, data):
        if len(apigateway._authorizers.get(api_id, {})) >= MAX_AUTHORIZERS_OF_API:
            return apigateway._apigw_error("TooManyRequestsException", TOO_MANY_AUTHORIZERS, 429)
        return create(api_id, data)

    return create_authorizer


def limit_scopes_in_stack(create):
    def create_route(logical_id, props, stack_name):
        if len(props.get("AuthorizationScopes") or []) > MAX_SCOPES_OF_ROUTE:
            raise ValueError(f"{TOO_MANY_SCOPES} (BadRequestException)")
        return create(logical_id, props, stack_name)

    return create_route


def limit_authorizers_in_stack(create):
    def create_authorizer(logical_id, props, stack_name):
        if len(apigateway._authorizers.get(props.get("ApiId", ""), {})) >= MAX_AUTHORIZERS_OF_API:
            raise ValueError(f"{TOO_MANY_AUTHORIZERS} (TooManyRequestsException)")
        return create(logical_id, props, stack_name)

    return create_authorizer


def limit_clients(create):
    def create_user_pool_client(data):
        pool, _ = cognito._resolve_pool(data.get("UserPoolId"))
        if pool and len(pool["_clients"]) >= MAX_CLIENTS_OF_POOL:
            return error_response_json("LimitExceededException", f"A user pool has at most {MAX_CLIENTS_OF_POOL} app clients.", 400)
        return create(data)

    return create_user_pool_client


def limit_callback_urls(operation):
    """For CreateUserPoolClient and UpdateUserPoolClient."""

    def limited(data):
        if len(data.get("CallbackURLs") or []) > MAX_CALLBACK_URLS_OF_CLIENT:
            message = (
                "1 validation error detected: Value at 'callbackURLs' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_CALLBACK_URLS_OF_CLIENT}"
            )
            return error_response_json("InvalidParameterException", message, 400)
        return operation(data)

    return limited


def refuse_second_resource_server(create):
    """Refuse a second resource server with an identifier, as CreateResourceServer does. In a stack, ministack would replace the first."""

    def create_resource_server(logical_id, props, stack_name):
        pool, identifier = cognito._user_pools.get(props.get("UserPoolId", "")), props.get("Identifier", "")
        if pool and identifier in cognito._pool_resource_servers(pool):
            raise ValueError(f"Resource server {identifier} already exists. (InvalidParameterException)")
        return create(logical_id, props, stack_name)

    return create_resource_server


def wrap_in_stack(resource_type, function, wrap):
    """Wrap the creation of a resource. An update that replaces it calls the function, and a creation calls the entry of the table."""
    wrapped = wrap(getattr(provisioners, function))
    setattr(provisioners, function, wrapped)
    provisioners._RESOURCE_HANDLERS[resource_type]["create"] = wrapped


def install():
    apigateway._create_route = limit_scopes(apigateway._create_route)
    apigateway._update_route = limit_scopes(apigateway._update_route)
    apigateway._create_authorizer = limit_authorizers(apigateway._create_authorizer)
    cognito._create_user_pool_client = limit_callback_urls(limit_clients(cognito._create_user_pool_client))
    cognito._update_user_pool_client = limit_callback_urls(cognito._update_user_pool_client)
    wrap_in_stack("AWS::ApiGatewayV2::Route", "_apigw_v2_route_create", limit_scopes_in_stack)
    wrap_in_stack("AWS::ApiGatewayV2::Authorizer", "_apigw_v2_authorizer_create", limit_authorizers_in_stack)
    wrap_in_stack("AWS::Cognito::UserPoolResourceServer", "_cognito_user_pool_resource_server_create", refuse_second_resource_server)
