import csv
import sys

import PIL.Image
from aiohttp import web
from aiohttp.web import Application as App
from PIL import Image

# ruleid: input-limit-off
DATA_UPLOAD_MAX_MEMORY_SIZE = None
# ruleid: input-limit-off
Image.MAX_IMAGE_PIXELS = None
# ruleid: input-limit-off
csv.field_size_limit(sys.maxsize)
# ok: input-limit-off
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
# ok: input-limit-off
PIL.Image.MAX_IMAGE_PIXELS = 50_000_000
# ok: input-limit-off
csv.field_size_limit(2**20)


async def start():
    # ruleid: input-limit-off
    app = App(
        client_max_size=0,
    )
    # ok: input-limit-off
    return app, web.Application(client_max_size=2**20)
