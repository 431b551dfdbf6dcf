"""The address of an HTTP API: http://127.0.0.1:<port>/_aws/execute-api/<id>.

Every program on this machine can reach it. ministack's own address, http://<id>.execute-api.localhost:<port>, has a host name that many
systems cannot resolve, and Node.js and other programs rely on the system for that. An OAuth client compares its address with the one in
the metadata, so an API must have one address only.
"""

import os
import re

from ministack import app as gateway
from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

PORT = int(os.environ["GATEWAY_PORT"])
ORIGIN = f"http://127.0.0.1:{PORT}"
API_PREFIX = "/_aws/execute-api/"

# RFC 8414 and RFC 9728 put the path of an issuer or of a resource after the well-known name.
WELL_KNOWN = re.compile(r"(/\.well-known/[a-z-]+)(/_aws/execute-api/[a-z0-9]+)(/.*)?")
API_ROOT = re.compile(r"/_aws/execute-api/[a-z0-9]+")


def served_path(path):
    """Map the path of a request to the path that ministack serves."""
    found = WELL_KNOWN.fullmatch(path)
    if found:
        name, api, rest = found.groups(default="")
        return f"{api}{name}{rest}"
    return f"{path}/" if API_ROOT.fullmatch(path) else path


def serve_addresses(app):
    """Serve the well-known documents of an API, and its address without a trailing slash."""

    async def serve(scope, receive, send):
        if scope["type"] == "http":
            path = served_path(scope["path"])
            if path != scope["path"]:
                scope = {**scope, "path": path, "raw_path": path.encode()}
        await app(scope, receive, send)

    return serve


def address_by_path(create):
    """Set the address of a new HTTP API of a stack."""

    def create_api(logical_id, props, stack_name):
        api_id, attributes = create(logical_id, props, stack_name)
        api = apigateway._apis[api_id]
        if api["protocolType"] == "HTTP":
            api["apiEndpoint"] = attributes["ApiEndpoint"] = f"{ORIGIN}{API_PREFIX}{api_id}"
        return api_id, attributes

    return create_api


def install():
    gateway.app = serve_addresses(gateway.app)
    # An update that replaces the API calls the function, and a creation calls the entry of the table.
    provisioners._apigw_v2_api_create = address_by_path(provisioners._apigw_v2_api_create)
    provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]["create"] = provisioners._apigw_v2_api_create
