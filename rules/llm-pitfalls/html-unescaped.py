import jinja2
import markupsafe as ms
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from flask import render_template_string
from markupsafe import Markup


def show(name):
    # ruleid: html-unescaped
    Markup(f"<b>{name}</b>")
    # ruleid: html-unescaped
    ms.Markup("<b>%s</b>" % name)
    # ruleid: html-unescaped
    mark_safe(name)
    # ruleid: html-unescaped
    render_template_string("<b>" + name + "</b>")
    # ruleid: html-unescaped
    jinja2.Environment(autoescape=False)
    # ok: html-unescaped
    Markup("<b>{}</b>").format(name)
    # ok: html-unescaped
    format_html("<b>{}</b>", name)
    # ok: html-unescaped
    jinja2.Environment(autoescape=True)
    # ok: html-unescaped
    return mark_safe("<hr>")


async def show_later(page):
    # ruleid: html-unescaped
    return Markup(await page.text())
