"""Publishes a version of a function only if its code or settings differ from those of the previous version.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html. ministack compares revision ids, and every update creates a new
one, even without a change. Lambda compares code and settings. In CloudFormation, publishing an unchanged function fails the stack.
"""

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

# Settings that always differ between a version and $LATEST, or that do not affect the function.
NOT_COMPARED = {
    "Version", "FunctionArn", "RevisionId", "LastModified", "State", "StateReason", "StateReasonCode", "LastUpdateStatus",
    "LastUpdateStatusReason", "LastUpdateStatusReasonCode", "SnapStart", "MasterArn",
}


def substance(config):
    return without_empty({name: value for name, value in config.items() if name not in NOT_COMPARED})


def without_empty(settings):
    """The settings without empty ones, at every depth: Lambda treats an empty setting as unset."""
    kept = {name: without_empty(value) if isinstance(value, dict) else value for name, value in settings.items()}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def mark_unchanged(func):
    """Make ministack treat the function as unchanged if it equals its latest version."""
    latest = max(func["versions"], key=int, default=None)
    if latest is None:
        return
    version = func["versions"][latest]
    of_version, of_function = substance(version["config"]), substance(func["config"])
    # A version may have its own description.
    described = version.get("described", False)
    for config in (of_version, of_function):
        if described:
            config.pop("Description", None)
    if of_version == of_function and version.get("code_zip") == func.get("code_zip"):
        version["function_revision"] = func["config"].get("RevisionId")


def publish_when_changed(publish):
    def publish_version(name, data):
        func = lambda_svc._functions.get(name)
        if func:
            mark_unchanged(func)
        before = set(func["versions"]) if func else set()
        answer = publish(name, data)
        for version in set(func["versions"]) - before if func else ():
            func["versions"][version]["described"] = bool(data.get("Description"))
        return answer

    return publish_version


def fail_when_unchanged(create):
    def create_version(logical_id, props, stack_name):
        func, _, _, _ = provisioners._lambda_function_for_cfn_ref(props.get("FunctionName", ""))
        if func:
            mark_unchanged(func)
        return create(logical_id, props, stack_name)

    return create_version


def install():
    lambda_svc._publish_version = publish_when_changed(lambda_svc._publish_version)
    # An update that replaces the version calls the function, and a creation calls the entry of the table.
    provisioners._lambda_version_create = fail_when_unchanged(provisioners._lambda_version_create)
    provisioners._RESOURCE_HANDLERS["AWS::Lambda::Version"]["create"] = provisioners._lambda_version_create
