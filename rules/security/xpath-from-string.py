from lxml import etree
from lxml import etree as et


def find(tree, name, number):
    # ruleid: xpath-from-string
    users = tree.xpath(f"//user[name='{name}']")
    query = "//user[@id='%s']" % number
    # ruleid: xpath-from-string
    one = tree.xpath(query)
    # ruleid: xpath-from-string
    compiled = et.XPath("//user[@id='{}']".format(number))
    # ok: xpath-from-string
    rightly = tree.xpath("//user[@id=$id]", id=number)
    # ok: xpath-from-string
    fixed = etree.XPath("//user")
    # ok: xpath-from-string
    joined = tree.xpath("//user" + "/name")
    return users, one, compiled, rightly, fixed, joined


async def find_later(load, name):
    tree = await load()
    return tree.xpath(
        # ruleid: xpath-from-string
        "//group[@name='" + name + "']",
    )
