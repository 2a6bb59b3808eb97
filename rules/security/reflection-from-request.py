import importlib
import importlib as loader

from django.utils.module_loading import import_string
from flask import request

ACTIONS = {"start": "start_job", "stop": "stop_job"}


def load():
    # ruleid: reflection-from-request
    module = importlib.import_module(request.args["module"])
    name = "plugins." + request.form["plugin"]
    # ruleid: reflection-from-request
    plugin = loader.import_module(name)
    # ruleid: reflection-from-request
    kind = globals()[request.json["kind"]]
    # ruleid: reflection-from-request
    backend = import_string(request.args["backend"])
    # ok: reflection-from-request
    fixed = importlib.import_module("plugins.mail")
    # ok: reflection-from-request
    chosen = importlib.import_module(ACTIONS[request.args["action"]])
    return module, plugin, kind, backend, fixed, chosen


@app.route("/plugins/<name>")
def plugin(name):
    # ruleid: reflection-from-request
    return importlib.import_module(f"plugins.{name}").page()


class View:
    async def post(self, request):
        body = await request.json()
        # ruleid: reflection-from-request
        await getattr(self, body["action"])()
        # ruleid: reflection-from-request
        await getattr(self, "do_" + body["action"], self.refuse)(
            body,
        )
        # ok: reflection-from-request
        await getattr(self, "do_" + "start")()
        # ok: reflection-from-request
        value = getattr(request, "user", None)
        return value
