"""Classifies requests by who may send them. A request that is not listed here needs a signature."""

import enum
import re

from ministack import app as gateway
from ministack.services import cognito
from ministack.services.cloudformation import custom_resource, wait_conditions

from .addresses import API_PREFIX, served_path

FUNCTION_URL_PREFIX = "/_aws/lambda-url/"
RESPONSE_PREFIX = "/_ministack/cfn-response/"
POOL_DOCUMENT = re.compile(r"/([A-Za-z0-9_-]+)/\.well-known/(?:jwks\.json|openid-configuration)")

# The pages of the sign-in, each with its method.
PAGES = {("GET", "/oauth2/authorize"), ("GET", "/logout"), ("POST", "/login"), ("POST", "/oauth2/login")}
# Endpoints that clients call. Amazon Cognito lets pages of any origin read the answers.
TOKEN_PATHS = {"/oauth2/token", "/oauth2/userInfo", "/oauth2/userinfo"}


class Kind(enum.Enum):
    """Who may send a request."""

    # The owner, with a signature, and not from a web page.
    PRIVATE = enum.auto()
    # Anyone, also from pages of any origin: the API has its own authorization and its own CORS.
    API = enum.auto()
    # Like API, with a signature: routes and function URLs with the authorization AWS_IAM.
    SIGNED_API = enum.auto()
    # Anyone, also from pages of any origin, which may read the answer.
    TOKENS = enum.auto()
    # Anyone who opens the page. Other pages may only link to it.
    PAGE = enum.auto()
    # The function that got this address, which cannot be guessed.
    CALLBACK = enum.auto()


def kind_of(method, path):
    """Classify a request. `path` is the decoded path, which ministack uses for routing."""
    path = served_path(path)
    if path.startswith(API_PREFIX):
        return api_kind(method, path)
    if path.startswith(FUNCTION_URL_PREFIX):
        return function_url_kind(path)
    if (method, path) in PAGES:
        return Kind.PAGE
    if path in TOKEN_PATHS and method in ("GET", "POST", "OPTIONS"):
        return Kind.TOKENS
    document = POOL_DOCUMENT.fullmatch(path)
    if document and method in ("GET", "OPTIONS") and cognito._get_pool_unscoped(document[1]) is not None:
        return Kind.TOKENS
    if method == "PUT" and is_callback(path):
        return Kind.CALLBACK
    return Kind.PRIVATE


def api_kind(method, path):
    # Use ministack's own parser, so that both interpret the path in the same way.
    parsed = gateway._parse_execute_api_url("", path)
    # The owner of a WebSocket API manages its connections there.
    if parsed is None or parsed[2].startswith("/@connections/"):
        return Kind.PRIVATE
    api_id, stage, execute_path = parsed
    stage, execute_path = gateway._resolve_stage_and_path(api_id, stage, execute_path)
    authorization = gateway._execute_api_authorization_type(api_id, stage, method, execute_path)
    return Kind.SIGNED_API if authorization == "AWS_IAM" else Kind.API


def function_url_kind(path):
    parsed = gateway._parse_lambda_url("", path)
    if parsed is None:
        return Kind.PRIVATE
    _, context, resolved = gateway._function_url_auth_target(parsed[0])
    return Kind.API if resolved is not None and context["lambda:FunctionUrlAuthType"] == "NONE" else Kind.SIGNED_API


def is_callback(path):
    """True for a callback path that CloudFormation has given out and is waiting for."""
    if path.startswith(RESPONSE_PREFIX):
        return path[len(RESPONSE_PREFIX):] in custom_resource._pending
    return path.startswith(wait_conditions.SIGNAL_PATH) and wait_conditions.has_handle(path[len(wait_conditions.SIGNAL_PATH):])
