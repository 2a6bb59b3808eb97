import ast
import collections
# ruleid: removed-standard-library
import imp
import inspect
import sys
# ruleid: removed-standard-library
from distutils.version import LooseVersion
# ruleid: removed-standard-library
import telnetlib as tn
# ok: removed-standard-library
import importlib.util
# ok: removed-standard-library
from packaging.version import Version

try:
    # ok: removed-standard-library
    import cgi
except ImportError:
    cgi = None

if sys.version_info < (3, 12):
    # ok: removed-standard-library
    import asyncore


def look(function, value):
    # ruleid: removed-standard-library
    inspect.getargspec(function)
    # ruleid: removed-standard-library
    isinstance(value, collections.Mapping)
    # ok: removed-standard-library
    inspect.signature(function)
    # ok: removed-standard-library
    return isinstance(value, collections.OrderedDict)


async def read(node):
    # ruleid: removed-standard-library
    return isinstance(node, ast.Str)


def ordered():
    # ok: removed-standard-library
    return collections.OrderedDict(), LooseVersion, tn, imp, Version
