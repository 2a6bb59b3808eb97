import xml.sax
from xml.sax.handler import feature_external_ges

import lxml.etree as et
from defusedxml import ElementTree
from lxml import etree


def read(data, source):
    # ruleid: xml-external-entities
    parser = etree.XMLParser(resolve_entities=True)
    # ruleid: xml-external-entities
    loose = et.XMLParser(
        recover=True,
        no_network=False,
    )
    # ruleid: xml-external-entities
    for event, element in etree.iterparse(source, resolve_entities=True):
        element.clear()
    # ok: xml-external-entities
    strict = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: xml-external-entities
    plain = etree.XMLParser()
    # ok: xml-external-entities
    tree = ElementTree.fromstring(data)
    return parser, loose, strict, plain, tree


async def read_later(stream):
    reader = xml.sax.make_parser()
    # ruleid: xml-external-entities
    reader.setFeature(feature_external_ges, True)
    # ruleid: xml-external-entities
    reader.setFeature(xml.sax.handler.feature_external_pes, 1)
    # ok: xml-external-entities
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.parse(await stream.read())


def options():
    settings = {"resolve_entities": True}
    # todoruleid: xml-external-entities
    return etree.XMLParser(**settings)
