"""Restricts the local AWS to its owner. The guard checks every request before ministack serves it.

Without it, any web page that the developer visits, and any other user of the machine, could create and run a Lambda function, which is a
process of the developer. docs/local-aws.md describes what it refuses.
"""

import hashlib
import hmac
import json
import re

from .addresses import PORT
from .refusal import ISOLATION, answer, refuse_api_call, refuse_call, refuse_plainly
from .routes import Kind, kind_of
from .signature import Refused, claim_of

HOSTS = {f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"}
ORIGINS = {f"http://{host}" for host in HOSTS}
HEALTH_PATH = "/_pmcp-deploy/health"
CHALLENGE = re.compile(r"[0-9a-f]{32,128}")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
LONGEST_HEAD = 10_240
JSON = {"content-type": "application/json"}


class Guard:
    """An ASGI application in front of another one."""

    def __init__(self, app, secret):
        self.app = app
        self.secret = secret

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] in ("http", "websocket"):
            await self.admit(scope, receive, send)
        else:
            raise ValueError(f"unsupported scope: {scope['type']}")

    async def admit(self, scope, receive, send):
        fields = {}
        for name, value in scope["headers"]:
            fields.setdefault(name.lower(), []).append(value.decode("latin-1"))
        # Another host name that resolves to this machine (DNS rebinding).
        if len(fields.get(b"host", [])) != 1 or fields[b"host"][0].lower() not in HOSTS:
            await refuse_plainly(scope, send, "the local AWS answers only at 127.0.0.1 and localhost")
            return
        if scope["type"] == "websocket":
            await self.admit_socket(scope, receive, send)
            return
        kind = kind_of(scope["method"], scope["path"])
        if not is_page_allowed(kind, scope["method"], fields):
            await refuse_plainly(scope, send, "the local AWS does not answer to pages of other origins")
        elif scope["path"] == HEALTH_PATH:
            await self.prove(scope, send, fields)
        elif kind in (Kind.PRIVATE, Kind.SIGNED_API):
            await self.admit_signed(kind, scope, receive, send)
        elif kind is Kind.API and head_size(scope) > LONGEST_HEAD:
            await answer(send, 431, JSON, json.dumps({"message": "Request Header Fields Too Large"}).encode())
        else:
            await self.app(scope, receive, send if kind in (Kind.API, Kind.TOKENS) else without_cors(send))

    async def admit_socket(self, scope, receive, send):
        """WebSocket APIs are public, as on AWS. ministack has no other sockets at these hosts."""
        if kind_of("GET", scope["path"]) is Kind.API:
            await self.app(scope, receive, send)
        else:
            await receive()
            await refuse_plainly(scope, send, "not a WebSocket API")

    async def admit_signed(self, kind, scope, receive, send):
        try:
            claim = claim_of(scope)
            if claim.covers_body:
                body = await whole_body(receive)
                if body is None:
                    return
                claim.check(body)
                receive = replay(body, receive)
            else:
                claim.check(b"")
        except Refused as refused:
            await self.refuse(kind, scope, send, str(refused))
            return
        await self.app(scope, receive, send if kind is Kind.SIGNED_API else without_cors(send))

    async def refuse(self, kind, scope, send, reason):
        if kind is Kind.SIGNED_API:
            await refuse_api_call(scope, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        await refuse_call(scope, send, headers, {}, reason)

    async def prove(self, scope, send, fields):
        """Prove to a caller who knows the secret that this server knows it too. Neither side sends the secret."""
        challenge, proof = (fields.get(name, [""])[0] for name in (b"x-pmcp-deploy-challenge", b"x-pmcp-deploy-proof"))
        known = CHALLENGE.fullmatch(challenge) and hmac.compare_digest(self.sign("client", challenge).encode(), proof.encode("latin-1"))
        if not known:
            await refuse_plainly(scope, send, "the local AWS shows its state only to its owner")
            return
        await answer(send, 200, JSON, json.dumps({"proof": self.sign("server", challenge)}).encode())

    def sign(self, side, challenge):
        return hmac.new(self.secret.encode(), f"pmcp-deploy {side} {challenge}".encode(), hashlib.sha256).hexdigest()


def is_page_allowed(kind, method, fields):
    """True if no page sent the request, or if the page may send it. Browsers set these headers, and pages cannot change them."""
    if kind in (Kind.API, Kind.SIGNED_API, Kind.TOKENS):
        return True
    origins, site = fields.get(b"origin", []), fields.get(b"sec-fetch-site", ["none"])[0].lower()
    if any(origin.lower() not in ORIGINS for origin in origins):
        return False
    if site in ("none", "same-origin"):
        return True
    # A link or a redirect from an application to the sign-in page, as a top-level navigation.
    mode, destination = fields.get(b"sec-fetch-mode", [""])[0], fields.get(b"sec-fetch-dest", ["document"])[0]
    return kind is Kind.PAGE and method == "GET" and mode == "navigate" and destination == "document"


def head_size(scope):
    query = scope.get("query_string", b"")
    line = len(scope["method"]) + 1 + len(scope.get("raw_path") or scope["path"].encode()) + (len(query) + 1 if query else 0)
    return line + sum(len(value) for _, value in scope["headers"])


def without_cors(send):
    """Prevent pages of other origins from reading, embedding or framing the answer."""

    async def send_without(message):
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", []) if not name.lower().startswith(b"access-control-")]
            message = {**message, "headers": [*kept, *ISOLATION, (b"x-frame-options", b"DENY")]}
        await send(message)

    return send_without


async def whole_body(receive):
    """Read the body of a request. None if the client has disconnected."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def replay(body, receive):
    """Pass the body that was read to the application, and then the messages after it."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again():
        return messages.pop() if messages else await receive()

    return receive_again
