import defusedxml.ElementTree as safe_tree
from lxml import etree
from lxml.etree import XMLParser as Parser
from lxml.html import HTMLParser


def read(data, path):
    # ruleid: xml-limits-off
    parser = etree.XMLParser(huge_tree=True)
    # ruleid: xml-limits-off
    other = Parser(
        recover=True,
        huge_tree=True,
    )
    # ruleid: xml-limits-off
    page = HTMLParser(huge_tree=True)
    # ok: xml-limits-off
    strict = etree.XMLParser(huge_tree=False)
    # ok: xml-limits-off
    plain = Parser(recover=True)
    return parser, other, page, strict, plain


async def read_later(stream):
    # ruleid: xml-limits-off
    tree = safe_tree.fromstring(await stream.read(), forbid_entities=False)
    # ok: xml-limits-off
    return tree, safe_tree.fromstring(await stream.read())
