import jinja2
import tornado.web
from django.template import Context, Engine
from django.template import Engine as Templates

app = make_app()
# ruleid: autoescape-off
app.jinja_env.autoescape = False

# ruleid: autoescape-off
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"autoescape": False}}]

# ruleid: autoescape-off
engine = Templates(
    dirs=["templates"],
    autoescape=False,
)

# ok: autoescape-off
rightly = Engine(dirs=["templates"])
# ok: autoescape-off
app.jinja_env.autoescape = True
# ok: autoescape-off
OPTIONS = {"autoescape": True}


async def serve(handlers):
    # ruleid: autoescape-off
    app = tornado.web.Application(handlers, autoescape=None)
    # ok: autoescape-off
    return app, tornado.web.Application(handlers)


def page(template, name):
    # ruleid: autoescape-off
    return template.render(Context({"name": name}, autoescape=False))
