"""Runs ministack, the local AWS, with what MCP clients need of AWS and ministack does not have.

The address of an HTTP API is `http://127.0.0.1:<port>/_aws/execute-api/<id>`, which can be reached from everywhere on this machine. ministack's
own, `http://<id>.execute-api.localhost:<port>`, cannot be: Node.js, and other programs too, ask the system for its host name, which many systems do
not know. An OAuth client compares the address that it was given with the one in the metadata, so there must be one only.

User pools know resource indicators (RFC 8707) as those of Amazon Cognito do: where a client asks for a code with `resource`, the access token
names it in `aud`, and so do those that are got by its refresh token.
"""

import contextvars
import json
import os
import re
from urllib.parse import parse_qs

from ministack import app as gateway
from ministack.services import apigateway, cognito
from ministack.services.cloudformation import provisioners

ORIGIN = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"

# RFC 8414 and RFC 9728 put the path of an issuer or of a resource behind the well-known name.
WELL_KNOWN = re.compile(r"(/\.well-known/[a-z-]+)(/_aws/execute-api/[a-z0-9]+)(/.*)?")


def serve_well_knowns(app):
    """Leads the well-known documents of an API's address to the API."""

    async def serve(scope, receive, send):
        found = WELL_KNOWN.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found:
            name, api, rest = found.groups(default="")
            path = f"{api}{name}{rest}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await app(scope, receive, send)

    return serve


def address_by_path(create):
    """Gives a new HTTP API of a stack its address."""

    def create_api(logical_id, props, stack_name):
        api_id, attributes = create(logical_id, props, stack_name)
        api = apigateway._apis[api_id]
        if api["protocolType"] == "HTTP":
            api["apiEndpoint"] = attributes["ApiEndpoint"] = f"{ORIGIN}/_aws/execute-api/{api_id}"
        return api_id, attributes

    return create_api


# What was asked for, by the challenge of the authorization request, and by the refresh token.
asked_for = {}
refreshed = {}

# What the access token that is being made is for.
audience = contextvars.ContextVar("audience", default=None)


def remember_resource(authorize):
    def handle_oauth2_authorize(method, path, headers, query_params):
        resource, challenge = ((query_params.get(name) or [""])[0] for name in ("resource", "code_challenge"))
        if resource and challenge:
            asked_for[challenge] = resource
        return authorize(method, path, headers, query_params)

    return handle_oauth2_authorize


def bind_resource(token):
    def oauth2_token(data, query_params, raw_body=b"", headers=None):
        form = {name: values[0] for name, values in parse_qs((raw_body or b"").decode("utf-8", errors="replace")).items()}
        code = cognito._authorization_codes.get(form.get("code", ""), {})
        resource = asked_for.get(code.get("code_challenge")) or refreshed.get(form.get("refresh_token"))
        before = audience.set(resource)
        try:
            answer = token(data, query_params, raw_body, headers)
        finally:
            audience.reset(before)
        status, _, body = answer
        if resource and status == 200:
            refresh_token = json.loads(body).get("refresh_token")
            if refresh_token:
                refreshed[refresh_token] = resource
        return answer

    return oauth2_token


def name_audience(sign):
    def signed_jwt(claims, pool_id="", use=""):
        resource = audience.get()
        return sign({**claims, "aud": resource} if resource and use == "access" else claims, pool_id, use)

    return signed_jwt


gateway.app = serve_well_knowns(gateway.app)
# An update that replaces the API calls the function, a creation what is in the table.
provisioners._apigw_v2_api_create = address_by_path(provisioners._apigw_v2_api_create)
provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]["create"] = provisioners._apigw_v2_api_create
cognito.handle_oauth2_authorize = remember_resource(cognito.handle_oauth2_authorize)
cognito._oauth2_token = bind_resource(cognito._oauth2_token)
cognito._signed_jwt = name_audience(cognito._signed_jwt)

gateway.main()
