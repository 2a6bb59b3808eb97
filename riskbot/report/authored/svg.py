"""A picture as SVG 1.1 (https://www.w3.org/TR/SVG11/), which comes out the same each time."""

from __future__ import annotations

from riskbot.report.authored.picture import HEIGHT, WIDTH, Box, Label, Picture, Rule
from riskbot.report.escape import html

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def written(picture: Picture) -> str:
    """Write the picture."""
    body = "\n".join(map(_shape, picture.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="{_FONT}">\n'
        f"<title>{html(picture.title)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _shape(shape: Box | Rule | Label) -> str:
    match shape:
        case Box():
            box = (
                f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}"'
                f' height="{shape.height:.2f}" fill="{shape.fill}"'
            )
            return f"{box}><title>{html(shape.title)}</title></rect>" if shape.title else f"{box}/>"
        case Rule():
            path = f"M{shape.x:.2f} {shape.y:.2f}h{shape.width:.2f}"
            return f'<path d="{path}" stroke="{shape.color}" fill="none"/>'
        case Label():
            weight = ' font-weight="600"' if shape.bold else ""
            return (
                f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size}" fill="{shape.color}"'
                f' text-anchor="{shape.anchor}"{weight}>{html(shape.text)}</text>'
            )
