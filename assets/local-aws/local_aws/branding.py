"""Managed login branding styles of user pools, which ministack does not have. They are stored and counted only: the sign-in page stays the
classic one.

https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html: at most 20 styles in a user pool, not adjustable.
"""

import json
import uuid

from ministack.core.responses import error_response_json, json_response
from ministack.services import cognito
from ministack.services.cloudformation import provisioners

MAX_STYLES = 20
TYPE = "AWS::Cognito::ManagedLoginBranding"
KEPT = ("Settings", "Assets", "UseCognitoProvidedValues")


def styles_of(pool):
    return pool.setdefault("_managed_login_branding", {})


def found(data):
    """The styles of a pool and the requested one, or an error."""
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return None, None, error
    styles = styles_of(pool)
    style = styles.get(data.get("ManagedLoginBrandingId"))
    missing = error_response_json("ResourceNotFoundException", "Managed login branding does not exist.", 400)
    return styles, style, None if style else missing


def create(data):
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return error
    styles, client_id = styles_of(pool), data.get("ClientId")
    if client_id not in pool["_clients"]:
        return error_response_json("ResourceNotFoundException", f"User pool client {client_id} does not exist.", 400)
    if any(style["ClientId"] == client_id for style in styles.values()):
        return error_response_json("ManagedLoginBrandingExistsException", "A managed login branding exists for this app client.", 400)
    if len(styles) >= MAX_STYLES:
        return error_response_json("LimitExceededException", f"A user pool has at most {MAX_STYLES} managed login branding styles.", 400)
    now = cognito._now_epoch()
    style = {
        "ManagedLoginBrandingId": str(uuid.uuid4()), "UserPoolId": data["UserPoolId"], "ClientId": client_id,
        "CreationDate": now, "LastModifiedDate": now, "UseCognitoProvidedValues": True, **{k: data[k] for k in KEPT if k in data},
    }
    styles[style["ManagedLoginBrandingId"]] = style
    return json_response({"ManagedLoginBranding": public(style)})


def update(data):
    _, style, error = found(data)
    if error:
        return error
    style.update({k: data[k] for k in KEPT if k in data}, LastModifiedDate=cognito._now_epoch())
    return json_response({"ManagedLoginBranding": public(style)})


def describe(data):
    _, style, error = found(data)
    return error or json_response({"ManagedLoginBranding": public(style)})


def describe_by_client(data):
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return error
    style = next((style for style in styles_of(pool).values() if style["ClientId"] == data.get("ClientId")), None)
    if style is None:
        return error_response_json("ResourceNotFoundException", "Managed login branding does not exist.", 400)
    return json_response({"ManagedLoginBranding": public(style)})


def delete(data):
    styles, style, error = found(data)
    if error:
        return error
    del styles[style["ManagedLoginBrandingId"]]
    return json_response({})


def public(style):
    return {name: value for name, value in style.items() if name != "ClientId"}


ACTIONS = {
    "CreateManagedLoginBranding": create,
    "UpdateManagedLoginBranding": update,
    "DescribeManagedLoginBranding": describe,
    "DescribeManagedLoginBrandingByClient": describe_by_client,
    "DeleteManagedLoginBranding": delete,
}


def serve(dispatch):
    async def dispatch_idp(action, data):
        handler = ACTIONS.get(action)
        return handler(data) if handler else await dispatch(action, data)

    return dispatch_idp


def in_stack(operation, props, physical_id=None):
    """Run an operation for a stack. An error makes the stack fail."""
    pool_id, _, style_id = (physical_id or "").partition("|")
    wanted = {name: props[name] for name in (*KEPT, "ClientId") if name in props}
    status, _, body = operation({**wanted, "UserPoolId": pool_id or props.get("UserPoolId"), "ManagedLoginBrandingId": style_id})
    answer = json.loads(body or b"{}")
    if status >= 400:
        raise ValueError(f"{answer.get('message')} ({answer.get('__type')})")
    return answer.get("ManagedLoginBranding", {})


def create_in_stack(logical_id, props, stack_name):
    style = in_stack(create, props)
    return f"{style['UserPoolId']}|{style['ManagedLoginBrandingId']}", {"ManagedLoginBrandingId": style["ManagedLoginBrandingId"]}


def update_in_stack(physical_id, old_props, new_props, stack_name):
    if any(old_props.get(name) != new_props.get(name) for name in ("UserPoolId", "ClientId")):
        created = create_in_stack("", new_props, stack_name)
        delete_in_stack(physical_id, old_props)
        return created
    style = in_stack(update, new_props, physical_id)
    return physical_id, {"ManagedLoginBrandingId": style["ManagedLoginBrandingId"]}


def delete_in_stack(physical_id, props):
    pool_id, _, style_id = physical_id.partition("|")
    delete({"UserPoolId": pool_id, "ManagedLoginBrandingId": style_id})


def install():
    cognito._dispatch_idp = serve(cognito._dispatch_idp)
    provisioners._RESOURCE_HANDLERS[TYPE] = {"create": create_in_stack, "update": update_in_stack, "delete": delete_in_stack}
