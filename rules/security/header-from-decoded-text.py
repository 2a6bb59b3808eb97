import urllib.parse as parse
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, unquote


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(self.path.partition("?")[2])
        self.send_response(302)
        # ruleid: header-from-decoded-text
        self.send_header("Location", query["next"][0])
        name = unquote(self.path)
        # ruleid: header-from-decoded-text
        self.send_header("X-Name", f"file {name}")
        self.send_header(
            "X-Page",
            # ruleid: header-from-decoded-text
            parse.unquote_plus(self.path),
        )
        # ok: header-from-decoded-text
        self.send_header("X-Quoted", quote(name))
        # ok: header-from-decoded-text
        self.send_header("X-Path", self.path)
        # ok: header-from-decoded-text
        self.send_header("Content-Length", str(len(name)))
        # ok: header-from-decoded-text
        self.send_header("X-Clean", name.replace("\n", ""))
        self.end_headers()


async def answer(handler, path):
    # ruleid: header-from-decoded-text
    handler.send_header("X-Path", parse.unquote(await path()))
