import django.template
import jinja2
import jinja2 as j2
from flask import request
from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment


def greet(name):
    # ruleid: template-from-text
    greeting = Template(f"Hello {name}, {{{{ body }}}}").render()
    text = "<p>Hello " + name + "</p>"
    # ruleid: template-from-text
    page = j2.Environment(autoescape=True).from_string(text)
    # ruleid: template-from-text
    legacy = django.template.Template("<p>%s</p>" % name)
    # ok: template-from-text
    rightly = Template("Hello {{ name }}").render(name=name)
    # ok: template-from-text
    fixed = django.template.Template("<p>{{ name }}</p>")
    # ok: template-from-text
    boxed = SandboxedEnvironment().from_string(request.form["template"])
    return greeting, page, legacy, rightly, fixed, boxed


async def preview(request):
    # ruleid: template-from-text
    return jinja2.Template((await request.json())["template"])


def preview_form(env):
    body = request.form["body"]
    return env.from_string(
        # ruleid: template-from-text
        body,
    )
