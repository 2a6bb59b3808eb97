import jinja2
import jinja2 as j2
from django.utils.safestring import mark_safe
from markupsafe import Markup, escape


def show(page, name):
    # ruleid: html-trusted-variable
    mark_safe(name)
    # ruleid: html-trusted-variable
    Markup(page.text)
    # ruleid: html-trusted-variable
    jinja2.Environment(autoescape=False)
    # ruleid: html-trusted-variable
    j2.Environment(loader=page.loader)
    # ok: html-trusted-variable
    Markup(escape(name))
    # ok: html-trusted-variable
    jinja2.Environment(autoescape=True)
    # ok: html-trusted-variable
    j2.Environment(autoescape=j2.select_autoescape())
    # ok: html-trusted-variable
    return mark_safe("<hr>")


async def show_later(page):
    # ruleid: html-trusted-variable
    return Markup(await page.text())
