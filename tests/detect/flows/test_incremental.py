"""Results that are used again are the ones that a run from nothing finds, whatever was edited in between."""

from __future__ import annotations

import hashlib
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.detect.flows.cache import Store
from riskbot.detect.flows.incremental import analyse
from riskbot.detect.flows.language.zones import load

ZONES = load(
    b"""\
version: 1
zones:
  - id: payments
    data_category: user.financial.credit_card
    mode: enforce
    owner: payments
    sources: {calls: [vault.get_card], attributes: [card_number]}
    sinks:
      log: {calls: ["log.$M", print]}
      egress: {calls: [requests.post]}
    reclassifiers:
      - {call: app.util.mask, to: x.app.masked, owner: payments}
""",
    "zones.yaml",
)

# For each file what may stand in it: every line of these can change what another file does.
FILES: dict[str, list[str | None]] = {
    "app/__init__.py": ["", "from app.util import tell\n", "from app.other import tell\n", None],
    "app/vault.py": [
        "def get_card(user):\n    return user.secret\n",
        "def get_card(user):\n    return user.secret\n\n\ndef lend(user):\n    return get_card(user)\n",
        "from app.util import mask\n\n\ndef lend(user):\n    return mask(get_card(user))\n",
        None,
    ],
    "app/util.py": [
        "def mask(x):\n    return '*'\n\n\ndef tell(x):\n    print(x)\n",
        "def mask(x):\n    return '*'\n\n\ndef tell(x):\n    return x\n",
        "import requests\n\n\ndef tell(x):\n    requests.post('u', data=x)\n",
        "# moved\n\n\ndef mask(x):\n    return x\n\n\ndef tell(x):\n    other(x)\n\n\ndef other(x):\n    print(x)\n",
        None,
    ],
    "app/other.py": [
        "from app.util import mask as tell\n",
        "from app.util import tell\n",
        "def tell(x):\n    print(x)\n",
        None,
    ],
    "app/base.py": [
        "class Base:\n    def show(self, x):\n        print(x)\n",
        "class Base:\n    def show(self, x):\n        pass\n",
        "from app.keep import Keeper\n\n\nclass Base(Keeper):\n    pass\n",
        None,
    ],
    "app/keep.py": [
        "class Keeper:\n    def __init__(self, user):\n        self.kept = user.card_number\n\n    def show(self, x):\n        print(x)\n",
        "class Keeper:\n    def __init__(self, user):\n        self.kept = user.name\n",
        "CACHE = {}\n\n\nclass Keeper:\n    def keep(self, user):\n        CACHE['c'] = user.card_number\n",
        None,
    ],
    "app/child.py": [
        "from app.base import Base\nfrom app import vault\n\n\nclass Child(Base):\n    def run(self, user):\n        self.show(vault.get_card(user))\n",
        "from app.keep import Keeper\n\n\nclass Child(Keeper):\n    def run(self):\n        print(self.kept)\n",
        "from app.base import Base\n\n\nclass Child(Base):\n    def show(self, x):\n        print('nothing')\n",
        "from app.keep import CACHE\n\n\ndef run():\n    print(CACHE['c'])\n",
        None,
    ],
    "app/main.py": [
        "from app import tell\nfrom app.vault import lend\n\n\ndef main(user):\n    tell(lend(user))\n",
        "import app.util\nfrom app import vault\n\n\ndef main(user):\n    app.util.tell(vault.get_card(user))\n",
        "from app.child import Child\n\n\ndef main(user):\n    child = Child(user)\n    print(child.kept)\n    child.run(user)\n",
        "from app.child import Child\nfrom app.util import tell\n\n\ndef main(user):\n    kept = Child(user)\n    kept.kept = user.card_number\n    go(kept)\n\n\ndef go(what):\n    tell(what.kept)\n",
        None,
    ],
    "main.py": [
        "import app.main\n\n\ndef start(user):\n    app.main.main(user)\n    print(user.card_number)\n",
        None,
    ],
    "lib/app/util.py": ["def tell(x):\n    print(x)\n\n\ndef mask(x):\n    return x\n", None],
}
repositories = st.fixed_dictionaries({path: st.sampled_from(texts) for path, texts in FILES.items()})
edits = st.lists(
    st.dictionaries(st.sampled_from(list(FILES)), st.integers(0, 9), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


class Texts:
    """A tree of texts; it counts what is read."""

    def __init__(self, files: dict[str, str | None]) -> None:
        self.files = {path: text.encode() for path, text in sorted(files.items()) if text is not None}
        self.seen: list[str] = []

    def paths(self) -> list[str]:
        return list(self.files)

    def read(self, path: str) -> bytes | None:
        self.seen.append(path)
        return self.files.get(path)

    def digest(self, path: str) -> str:
        return hashlib.sha256(self.files[path]).hexdigest()


def found(files: dict[str, str | None], store: Store, zones=ZONES):
    """What a run finds, where and how: paths and lines of every step too."""
    tree = Texts(files)
    done = analyse(tree, zones, store=store, deadline=time.monotonic() + 60)
    store.save()
    flows = sorted((one.zone, one.sink, one.file, one.line, one.source, one.function) for one in done.flows)
    return flows, sorted({(each.path, each.kind.value) for each in done.problems}), tree.seen


@given(repositories, edits)
@settings(max_examples=60, deadline=None)
def test_after_any_edits_it_finds_what_a_run_from_nothing_finds(tmp_path_factory, files, steps):
    folder = tmp_path_factory.mktemp("kept")
    found(files, Store("r", folder))
    for step in steps:
        files = files | {path: FILES[path][number % len(FILES[path])] for path, number in step.items()}
        warm = found(files, Store("r", folder))
        cold = found(files, Store("r", tmp_path_factory.mktemp("none")))
        assert warm[:2] == cold[:2]
