import ruamel.yaml
import yaml
import yaml as y
from yaml import CSafeLoader, load


def read(text):
    # ruleid: yaml-unsafe-load
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: yaml-unsafe-load
    y.unsafe_load(text)
    # ruleid: yaml-unsafe-load
    load(text, Loader=yaml.FullLoader)
    # ruleid: yaml-unsafe-load
    ruamel.yaml.YAML(typ="unsafe")
    # ok: yaml-unsafe-load
    yaml.safe_load(text)
    # ok: yaml-unsafe-load
    load(text, Loader=CSafeLoader)
    # ok: yaml-unsafe-load
    y.load(text, y.SafeLoader)
    # ok: yaml-unsafe-load
    return ruamel.yaml.YAML(typ="safe")


async def read_later(file):
    # ruleid: yaml-unsafe-load
    return yaml.load(await file.read(), yaml.UnsafeLoader)


class Strict(yaml.SafeLoader):
    pass


def read_by_own_loader(text):
    # ok: yaml-unsafe-load
    return yaml.load(text, Loader=Strict)


def read_without_loader(text):
    # ruleid: yaml-unsafe-load
    return yaml.load(text)


def read_by_object(path):
    yaml = ruamel.yaml.YAML(typ="safe")
    # ok: yaml-unsafe-load
    return yaml.load(path)
