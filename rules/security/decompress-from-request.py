import base64
import bz2
import gzip
import zlib
import zlib as deflate
from gzip import decompress

from flask import request


def receive():
    # ruleid: decompress-from-request
    text = zlib.decompress(request.data)
    packed = base64.b64decode(request.args["state"])
    # ruleid: decompress-from-request
    state = deflate.decompress(packed, -15)
    # ruleid: decompress-from-request
    more = decompress(request.get_data())
    # ok: decompress-from-request
    bounded = zlib.decompressobj().decompress(request.data, 1_000_000)
    # ok: decompress-from-request
    fixed = bz2.decompress(DEFAULTS)
    # ok: decompress-from-request
    other = gzip.compress(request.data)
    return text, state, more, bounded, fixed, other


async def receive_later(request):
    return gzip.decompress(
        # ruleid: decompress-from-request
        await request.body(),
    )
