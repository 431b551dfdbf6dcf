"""Adds resource indicators (RFC 8707) to user pools, as Amazon Cognito has them.

If a client requests a code with `resource`, its access token has the resource in `aud`, and so do tokens from its refresh token.
"""

import contextvars
import json
from urllib.parse import parse_qs

from ministack.services import cognito

# Requested resources, by the challenge of the authorization request, and by the refresh token.
requested = {}
refreshed = {}

# The audience of the access token that is being created.
audience = contextvars.ContextVar("audience", default=None)


def remember_resource(authorize):
    def handle_oauth2_authorize(method, path, headers, query_params):
        resource, challenge = ((query_params.get(name) or [""])[0] for name in ("resource", "code_challenge"))
        if resource and challenge:
            requested[challenge] = resource
        return authorize(method, path, headers, query_params)

    return handle_oauth2_authorize


def bind_resource(token):
    def oauth2_token(data, query_params, raw_body=b"", headers=None):
        form = {name: values[0] for name, values in parse_qs((raw_body or b"").decode("utf-8", errors="replace")).items()}
        code = cognito._authorization_codes.get(form.get("code", ""), {})
        resource = requested.get(code.get("code_challenge")) or refreshed.get(form.get("refresh_token"))
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


def install():
    cognito.handle_oauth2_authorize = remember_resource(cognito.handle_oauth2_authorize)
    cognito._oauth2_token = bind_resource(cognito._oauth2_token)
    cognito._signed_jwt = name_audience(cognito._signed_jwt)
