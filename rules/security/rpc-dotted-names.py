import xmlrpc.server
from xmlrpc.server import SimpleXMLRPCServer
from xmlrpc.server import SimpleXMLRPCServer as Server


def serve(api):
    server = SimpleXMLRPCServer(("127.0.0.1", 8000))
    # ruleid: rpc-dotted-names
    server.register_instance(api, allow_dotted_names=True)
    # ruleid: rpc-dotted-names
    server.register_instance(api, True)
    # ok: rpc-dotted-names
    server.register_instance(api)
    # ok: rpc-dotted-names
    server.register_function(api.total, "total")
    return server


async def serve_later(api, name):
    server = Server(("127.0.0.1", 8000))
    # ok: rpc-dotted-names
    server.register_instance(await api(), allow_dotted_names=False)
    # ruleid: rpc-dotted-names
    return server, xmlrpc.server.resolve_dotted_attribute(
        api,
        await name(),
    )
