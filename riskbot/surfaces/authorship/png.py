"""A picture as PNG, drawn by Pillow; it comes with the extra `plot`, the plain install draws SVG only."""

from __future__ import annotations

import io

from riskbot.domain.errors import UsageError
from riskbot.report.authored.picture import HEIGHT, WIDTH, Box, Picture, Rule

_SCALE = 2  # for screens of many dots
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def written(picture: Picture) -> bytes:
    """Draw the picture; UsageError where Pillow is not installed."""
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        raise UsageError(
            "PNG needs Pillow, which is not installed.",
            mend="Name a file that ends in .svg, or run `pip install 'riskbot[plot]'`.",
        ) from None
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), "white")
    canvas = ImageDraw.Draw(image)
    for shape in picture.shapes:
        x, y = shape.x * _SCALE, shape.y * _SCALE
        if isinstance(shape, Box):
            if round(shape.height * _SCALE) > 0:
                right, bottom = x + shape.width * _SCALE - 1, y + shape.height * _SCALE - 1
                canvas.rectangle((round(x), round(y), round(right), round(max(y, bottom))), fill=shape.fill)
        elif isinstance(shape, Rule):
            canvas.line((x, y, x + shape.width * _SCALE, y), fill=shape.color, width=_SCALE)
        else:
            font = ImageFont.load_default(shape.size * _SCALE)
            stroke = 0.6 if shape.bold else 0
            canvas.text((x, y), shape.text, shape.color, font, _ANCHORS[shape.anchor], stroke_width=stroke)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
