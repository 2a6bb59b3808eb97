# ok: pkg-resources-import
import importlib.metadata
# ruleid: pkg-resources-import
import pkg_resources
# ruleid: pkg-resources-import
import pkg_resources as pr
# ok: pkg-resources-import
from importlib import resources as files
# ruleid: pkg-resources-import
from pkg_resources import parse_version

# ok: pkg-resources-import
from packaging.version import Version

try:
    # ok: pkg-resources-import
    import pkg_resources
except ImportError:
    pkg_resources = None


async def version(name):
    # ruleid: pkg-resources-import
    from pkg_resources import get_distribution

    return get_distribution(name).version, parse_version, pr


def version_rightly(name):
    # ok: pkg-resources-import
    return Version(importlib.metadata.version(name)), files
