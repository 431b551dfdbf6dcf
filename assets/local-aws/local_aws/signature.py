"""Checks the signature (AWS Signature Version 4) of a request, in its headers or in its query.

Each start creates a new secret access key, which is never sent. Keys that the local STS and IAM issue are checked with their own secrets.
Issuing one requires a signed request.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from ministack.core import iam_evaluator, sigv4
from ministack.core.responses import _account_from_sts_session

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_BODIES = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
DEFAULT_ACCOUNT = "000000000000"
HEX_SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_PRESIGN_SECONDS = 7 * 24 * 3600


class Refused(Exception):
    """A request that is refused, with the reason."""


@dataclass(frozen=True)
class Claim:
    """A complete and current signature, and the secret that must have made it."""

    signature: sigv4.HeaderSignature
    secret: str
    presigned: bool
    method: str
    raw_path: str
    query: dict
    headers: dict

    @property
    def covers_body(self):
        return not self.presigned_for_s3 and self.headers.get("x-amz-content-sha256") not in UNSIGNED_BODIES

    @property
    def presigned_for_s3(self):
        return self.presigned and self.signature.service == "s3"

    def check(self, body):
        """Raise Refused unless the secret made the signature for exactly this request."""
        failure = sigv4.header_signature_failure(
            self.signature, self.secret, self.method, self.raw_path, self.query, self.headers, body, presigned=self.presigned,
        )
        if failure:
            raise Refused("the signature was not made with the secret access key of this start")
        body_hash = self.headers.get("x-amz-content-sha256", "")
        if self.covers_body and HEX_SHA256.fullmatch(body_hash) and body_hash != hashlib.sha256(body).hexdigest():
            raise Refused("the body is not the one that was signed")


def claim_of(scope):
    """Read the signature of a request, without checking it. Raise Refused without one."""
    headers = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    query = parse_qs(scope.get("query_string", b"").decode("utf-8", errors="replace"), keep_blank_values=True)
    presigned = any(name.lower() == "x-amz-signature" for name in query)
    authorization = headers.get("authorization", "")
    if presigned and authorization:
        raise Refused("the request is signed twice, in a header and in the query")
    if presigned:
        if query.get("X-Amz-Algorithm") != [ALGORITHM]:
            raise Refused(f"only {ALGORITHM} signatures are supported")
        signature = sigv4.parse_query_signature(query)
    elif authorization.startswith(f"{ALGORITHM} "):
        signature = sigv4.parse_header_signature(headers)
    else:
        raise Refused("the request is not signed")
    if isinstance(signature, tuple):
        raise Refused(f"the signature is not complete: {signature[1]}")
    if "host" not in signature.signed_headers.lower().split(";"):
        raise Refused("the signature does not cover the host")
    if presigned:
        require_unexpired(signature, query)
    elif sigv4._amz_datetime(signature.amz_date) is None or sigv4.request_time_failure(signature):
        raise Refused("the signature is too old, or its time is in the future")
    raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
    token = (query.get("X-Amz-Security-Token") or [""])[0] if presigned else headers.get("x-amz-security-token", "")
    secret = secret_of(signature.access_key_id, token)
    return Claim(signature, secret, presigned, scope.get("method", "GET"), raw_path.decode("latin-1"), query, headers)


def require_unexpired(signature, query):
    try:
        seconds = int((query.get("X-Amz-Expires") or [""])[0])
        fresh = 0 < seconds <= LONGEST_PRESIGN_SECONDS and not sigv4.presigned_request_is_expired(signature.amz_date, seconds)
    except ValueError:
        fresh = False
    if not fresh:
        raise Refused("the presigned URL has expired, or has no valid expiration time")


def secret_of(access_key_id, token):
    """The secret of an access key: of the account, of an STS session, or of an IAM user."""
    try:
        owner = _account_from_sts_session(access_key_id) or iam_evaluator.find_iam_access_key_account(access_key_id)
    except iam_evaluator.AmbiguousAccessKeyError:
        raise Refused("the access key belongs to more than one account") from None
    account = owner or (access_key_id if re.fullmatch(r"[0-9]{12}", access_key_id) else DEFAULT_ACCOUNT)
    credential = iam_evaluator.resolve_credential(access_key_id, account, token)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        raise Refused("the access key does not exist, or its session has ended")
    return credential.secret_access_key
