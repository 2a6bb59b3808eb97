import socketio
from flask_socketio import SocketIO
from flask_socketio import SocketIO as Socket
from tornado.websocket import WebSocketHandler


class Chat(WebSocketHandler):
    # ruleid: websocket-any-origin
    def check_origin(self, origin):
        return True


class Strict(WebSocketHandler):
    # ok: websocket-any-origin
    def check_origin(self, origin):
        return origin == "https://shop.example"


# ruleid: websocket-any-origin
hub = SocketIO(make_app(), cors_allowed_origins="*")
# ok: websocket-any-origin
strict = Socket(make_app(), cors_allowed_origins=["https://shop.example"])


async def start():
    # ruleid: websocket-any-origin
    server = socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins="*",
    )
    # ok: websocket-any-origin
    return server, socketio.AsyncServer(async_mode="asgi")
