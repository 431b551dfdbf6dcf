"""Refuses requests with 403. Answers to SDKs have the form of the AWS service."""

import json
import uuid

from ministack.core.iam_actions import access_denied_response
from ministack.core.responses import fix_error_content_type
from ministack.core.router import detect_service

# Pages of other origins cannot embed the answer.
ISOLATION = [(b"cross-origin-resource-policy", b"same-origin"), (b"x-content-type-options", b"nosniff")]


async def answer(send, status, headers, body, head=False):
    fields = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    fields.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": fields + ISOLATION})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def refuse_plainly(scope, send, reason):
    """Refuse a request of a browser, or of another program that is not a client of AWS."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    await answer(send, 403, {"content-type": "text/plain; charset=utf-8"}, f"{reason}\n".encode(), scope["method"] == "HEAD")


async def refuse_call(scope, send, claim_headers, query, reason):
    """Refuse a request of a client of AWS, so that the SDK shows the reason."""
    message = f"The local AWS answers only its owner: {reason}. To use it from the AWS CLI: npx pmcp-deploy local --env"
    service = detect_service(scope["method"], scope["path"], claim_headers, query)
    # A form without a signature names its service only in the body. All such services have the error format of STS.
    service = "sts" if service == "unknown_query" else service
    if "cbor" in claim_headers.get("smithy-protocol", "") or "cbor" in claim_headers.get("content-type", ""):
        headers = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        await answer(send, 403, headers, cbor_map({"__type": "AccessDeniedException", "message": message}))
        return
    status, headers, body = access_denied_response(
        service, "", "", str(uuid.uuid4()), error_code="AccessDenied", message=message, headers=claim_headers,
    )
    fix_error_content_type(service, status, headers)
    await answer(send, 403, headers, body, scope["method"] == "HEAD")


async def refuse_api_call(scope, send):
    """Refuse a request to an API in the form of an HTTP API."""
    await answer(send, 403, {"content-type": "application/json"}, json.dumps({"message": "Forbidden"}).encode(), scope["method"] == "HEAD")


def cbor_map(texts):
    """Encode a map of texts in CBOR (RFC 8949)."""
    encoded = bytes([0xA0 | len(texts)])
    for text in (part for pair in texts.items() for part in pair):
        data = text.encode()
        encoded += b"\x79" + len(data).to_bytes(2, "big") + data
    return encoded
