import markupsafe as ms
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from fastapi.responses import HTMLResponse
from flask import render_template_string
from markupsafe import Markup


def show(name):
    # ruleid: html-unescaped
    Markup(f"<b>{name}</b>")
    # ruleid: html-unescaped
    ms.Markup("<b>%s</b>" % name)
    # ruleid: html-unescaped
    mark_safe("<b>{}</b>".format(name))
    # ruleid: html-unescaped
    render_template_string("<b>" + name + "</b>")
    # ruleid: html-unescaped
    format_html(f"<b>{name}</b>")
    # ok: html-unescaped
    Markup("<b>{}</b>").format(name)
    # ok: html-unescaped
    format_html("<b>{}</b>", name)
    # ok: html-unescaped
    mark_safe(f"<b>{escape(name)}</b>")
    # ok: html-unescaped
    mark_safe("<b>" + _("name") + "</b>")
    # ok: html-unescaped
    mark_safe(_("<b>name</b>"))
    # ok: html-unescaped
    return mark_safe("<hr>")


async def show_later(page):
    name = (await page.json())["name"]
    # ruleid: html-unescaped
    return HTMLResponse(
        f"<h1>{name}</h1>",
    )
