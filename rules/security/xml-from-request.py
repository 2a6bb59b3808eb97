import xml.etree.ElementTree as ET
from xml.dom import minidom

import defusedxml.ElementTree as safe_tree
from flask import request
from lxml import etree

STRICT = etree.XMLParser(resolve_entities=False, no_network=True)


def receive():
    # ruleid: xml-from-request
    order = ET.fromstring(request.data)
    body = request.get_data()
    # ruleid: xml-from-request
    page = minidom.parseString(body)
    # ruleid: xml-from-request
    feed = etree.parse(request.files["feed"].stream)
    # ok: xml-from-request
    strict = etree.fromstring(request.data, STRICT)
    # ok: xml-from-request
    safe = safe_tree.fromstring(request.data)
    return order, page, feed, strict, safe


async def receive_later(request):
    # ruleid: xml-from-request
    root = ET.XML(await request.body())
    # ok: xml-from-request
    return root, ET.fromstring("<root/>")
