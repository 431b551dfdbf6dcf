"""Guards the Lambda Runtime API of each function. It is a server on its own port, and its events contain the tokens of callers.

Runtimes get its address as host and port (AWS_LAMBDA_RUNTIME_API), so it cannot require a secret. It refuses browsers, other host names
and, on Linux, other users.
"""

import os
import socket
import struct

from ministack.core import lambda_runtime

BROWSERS_SEND = ("origin", "sec-fetch-site", "sec-fetch-mode", "referer")
NET_TABLE = "/proc/net/tcp"


def user_of(client, server):
    """The user id of a connection, or None if the system does not provide it."""
    try:
        with open(NET_TABLE, encoding="ascii") as table:
            rows = [line.split() for line in table.readlines()[1:]]
    except OSError:
        return None
    wanted = (as_in_table(client), as_in_table(server))
    return next((int(row[7]) for row in rows if (row[1], row[2]) == wanted), None)


def as_in_table(address):
    host, port = address
    return f"{struct.unpack('=I', socket.inet_aton(host))[0]:08X}:{port:04X}"


def guarded(build):
    def build_handler_class(self, generation, pending):
        class GuardedHandler(build(self, generation, pending)):
            def handle(self):
                user = user_of(self.client_address, self.server.server_address)
                if user is None or user == os.getuid():
                    super().handle()

            def parse_request(self):
                if not super().parse_request():
                    return False
                ours = {f"{name}:{self.server.server_address[1]}" for name in ("127.0.0.1", "localhost")}
                if self.headers.get_all("host", []) and self.headers["host"] in ours and not any(self.headers[n] for n in BROWSERS_SEND):
                    return True
                self.send_error(403)
                return False

        return GuardedHandler

    return build_handler_class


def install():
    worker = lambda_runtime.ProvidedWorker
    worker._build_handler_class = guarded(worker._build_handler_class)
