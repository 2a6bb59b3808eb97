import asyncio
import http.server as web
import socket
import socketserver
from http.server import HTTPServer


def serve(handler, port):
    listener = socket.socket()
    # ruleid: listens-on-all-interfaces
    listener.bind(("0.0.0.0", port))
    # ruleid: listens-on-all-interfaces
    server = HTTPServer(("", port), handler)
    # ruleid: listens-on-all-interfaces
    other = web.ThreadingHTTPServer(
        ("0.0.0.0", port),
        handler,
    )
    # ok: listens-on-all-interfaces
    listener.bind(("127.0.0.1", port))
    # ok: listens-on-all-interfaces
    listener.bind(("", 0))
    # ok: listens-on-all-interfaces
    rightly = HTTPServer(("localhost", port), handler)
    # ok: listens-on-all-interfaces
    listener.connect(("0.0.0.0", port))
    return server, other, rightly


async def serve_later(handler, port, host):
    # ruleid: listens-on-all-interfaces
    one = await asyncio.start_server(handler, "0.0.0.0", port)
    # ok: listens-on-all-interfaces
    two = await asyncio.start_server(handler, host, port)
    # ruleid: listens-on-all-interfaces
    three = socketserver.ThreadingTCPServer(("", port), handler)
    return one, two, three
