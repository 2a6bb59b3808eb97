import ssl
import ssl as tls
from ssl import TLSVersion, create_default_context

from OpenSSL import SSL


def connect(sock):
    # ruleid: old-tls-version
    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1_1)
    # ruleid: old-tls-version
    context.minimum_version = ssl.TLSVersion.TLSv1
    # ruleid: old-tls-version
    old = ssl.wrap_socket(sock)
    # ruleid: old-tls-version
    other = SSL.Context(SSL.TLSv1_METHOD)
    # ok: old-tls-version
    rightly = create_default_context()
    # ok: old-tls-version
    rightly.minimum_version = TLSVersion.TLSv1_2
    # ok: old-tls-version
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context, old, other, rightly, client


async def connect_later(open_socket):
    # ruleid: old-tls-version
    return await open_socket(version=tls.PROTOCOL_SSLv3)
