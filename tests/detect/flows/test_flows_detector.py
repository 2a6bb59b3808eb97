"""The flows detector on real repositories: what a change opens, moves, closes, and what it cannot look at."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest

from riskbot.detect.detector import detect
from riskbot.detect.flows import PATH
from riskbot.detect.flows.detector import FlowsDetector, concerns
from riskbot.detect.flows.language import zones
from riskbot.domain.change import Charter, OmissionKind
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Confidence, Detection, Severity, Side
from riskbot.outside.git import Git
from tests.detect.flows.make_flows import LOGGED, MASKED, OPENED, ZONES, Shop, make_shop, one, told
from tests.make import git, make_change, make_commit

TEN = "\n" * 10


@pytest.fixture
def shop(tmp_path) -> Shop:
    return make_shop(tmp_path)


def test_the_path_of_the_zones_has_one_value():
    assert zones.PATH == PATH


def test_a_flow_opened_from_another_file_is_new_where_its_sink_stands(shop):
    shop.commit(shop__main=OPENED)
    found = shop.detect()
    assert told(found) == [("zone-flow", "shop/report.py", 3, True)]
    flow = one(found)
    assert (flow.severity, flow.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert not flow.on_changed_line
    steps = [(step.where.path, step.where.line) for step in flow.flow if step.where]
    assert (steps[0], steps[-1]) == (("shop/main.py", 6), ("shop/report.py", 3))
    assert "zone payments" in flow.message
    assert "vault.get_card" in flow.message
    assert [rule.id for rule in found.rules] == ["zone-flow"]
    assert found.omissions == found.failures == ()


def test_what_is_reclassified_opens_nothing(shop):
    shop.commit(shop__main=MASKED)
    assert shop.detect() == Detection()


def test_a_flow_that_was_there_is_told_as_old_in_a_file_of_the_change(shop):
    shop.commit(shop__main=OPENED)
    shop.commit(shop__report="# words\n" + "def tell(what):\n    words = f'told: {what}'\n    print(words)\n")
    assert told(shop.look()) == [("zone-flow", "shop/report.py", 4, False)]
    shop.commit(shop__masking="def mask_pan(pan):\n    return '****'\n")
    assert [each for each in told(shop.look()) if each[0] == "zone-flow"] == []


def test_the_fingerprint_stays_when_lines_move(shop):
    shop.commit(shop__main=OPENED)
    before = one(shop.look()).fingerprint
    shop.commit(shop__main=TEN + OPENED, shop__report=TEN + "def tell(what):\n    print(what)\n")
    assert one(shop.look()).fingerprint == before


def test_a_flow_that_is_taken_away_is_told_on_the_old_side(shop):
    shop.commit(shop__main=OPENED)
    shop.commit(shop__main=MASKED)
    closed = one(shop.detect(), "zone-flow-closed")
    assert (closed.severity, closed.location.side) == (Severity.INFO, Side.OLD)
    assert closed.location.path == "shop/report.py"
    assert len(shop.look().findings) == 1


def test_code_that_moves_opens_nothing(shop):
    shop.commit(shop__main=OPENED)
    shop.commit(
        shop__report=None,
        shop__words="def tell(what):\n    words = f'told: {what}'\n    print(words)\n",
        shop__main=OPENED.replace("shop.report", "shop.words"),
    )
    assert told(shop.look()) == [("zone-flow", "shop/words.py", 3, False)]
    shop.commit(
        shop__words="def said(what):\n    words = f'told: {what}'\n    print(words)\n",
        shop__main=OPENED.replace("shop.report import tell", "shop.words import said as tell"),
    )
    found = shop.look()
    assert told(found) == [("zone-flow", "shop/words.py", 3, False)]
    assert "It was there before, on line 3 of shop/words.py." in one(found).message


def test_the_mode_log_is_told_and_holds_nothing(tmp_path):
    shop = make_shop(tmp_path, {PATH: LOGGED})
    shop.commit(shop__main=OPENED)
    found = one(shop.look())
    assert (found.severity, found.introduced) == (Severity.LOW, True)
    assert "mode is log" in found.message


def test_a_change_is_judged_by_the_zones_of_its_base(shop):
    make_commit(shop.root, {"shop/main.py": OPENED, PATH: LOGGED})
    found = shop.look()
    assert one(found).severity is Severity.HIGH
    assert one(found, "zones-weakened").severity is Severity.CRITICAL


def test_zones_that_are_strengthened_are_tried_on_the_head(tmp_path):
    shop = make_shop(tmp_path)
    shop.commit(shop__main="def main(user):\n    print(user.iban)\n")
    stronger = ZONES.replace("attributes: [card_number]", "attributes: [card_number, iban]")
    make_commit(shop.root, {PATH: stronger})
    preview = one(shop.look(), "zone-flow-preview")
    assert (preview.severity, preview.location.path) == (Severity.INFO, "shop/main.py")


def test_the_first_zones_are_tried_on_the_head(tmp_path):
    shop = make_shop(tmp_path, {PATH: None, "shop/main.py": OPENED})
    make_commit(shop.root, {PATH: ZONES})
    found = shop.look()
    assert {each.severity for each in found.findings} == {Severity.INFO}
    assert one(found, "zone-flow-preview").location.path == "shop/report.py"


def test_without_zones_nothing_is_looked_at_or_loaded(tmp_path):
    shop = make_shop(tmp_path, {PATH: None})
    shop.commit(shop__main=OPENED)
    assert not concerns(shop.change())
    assert shop.look() == Detection()
    code = (
        "import sys; from riskbot.detect.flows.detector import FlowsDetector;"
        "from riskbot.domain.change import Change;"
        "FlowsDetector().run(Change('r', None, None, 'o'));"
        "print([name for name in sys.modules if name.startswith('riskbot.detect.flows')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['riskbot.detect.flows', 'riskbot.detect.flows.detector']"


def test_a_change_of_no_python_is_not_looked_through(shop):
    shop.commit(shop__main=OPENED)
    make_commit(shop.root, {"notes.txt": "words\n"})
    assert shop.look() == Detection()


def test_zones_of_the_base_that_cannot_be_read_are_an_error(tmp_path):
    shop = make_shop(tmp_path, {PATH: "zones: [\n"})
    shop.commit(shop__main=OPENED)
    with pytest.raises(ConfigError, match=r"\.riskbot/zones\.yaml:"):
        shop.look()


def test_a_detector_can_be_sent_to_another_process(shop):
    shop.commit(shop__main=OPENED)
    sent = pickle.loads(pickle.dumps(FlowsDetector(Git.open(shop.root), 100, shop.cache)))
    kept = Git.open(shop.root)
    assert told(replace(sent, git=kept).run(shop.change()))


def test_without_a_repository_only_the_changes_files_are_looked_at():
    charter = Charter("b" * 40, ((PATH, ZONES.encode()),))
    leak = "import vault\nprint(vault.get_card(1))\n"
    change = make_change({"a.py": ("x = 1\n", leak)}, charter=charter)
    found = FlowsDetector().run(change)
    assert told(found) == [("zone-flow", "a.py", 2, True)]
    assert [each.kind for each in found.omissions] == [OmissionKind.CONTENT_UNKNOWN]


# What cannot be looked at


def kinds(detection: Detection) -> dict[str | None, OmissionKind]:
    return {each.path: each.kind for each in detection.omissions if each.step == "flows"}


HOSTILE = {
    "bytes": (b"name = '\xff\xfe'\nprint(x.card_number)\n", OmissionKind.UNPARSABLE),
    "nested": (b"x = " + b"(" * 100_000 + b")" * 100_000 + b"\n", OmissionKind.UNPARSABLE),
    "unary": (b"x = " + b"-" * 200_000 + b"1\n", OmissionKind.UNPARSABLE),
    "chained": (b"x = a" + b".b" * 200_000 + b"\n", OmissionKind.UNPARSABLE),
    "sum": (b"x = " + b"1+" * 200_000 + b"1\n", OmissionKind.UNPARSABLE),
    "large": (b"x = '" + b"a" * 2_000_000 + b"'\n", OmissionKind.TOO_LARGE),
    "nul": (b"x = 1\0\n", OmissionKind.UNPARSABLE),
    "line": (b"x = '" + b"a" * 10_000_000 + b"'\n", OmissionKind.CONTENT_UNKNOWN),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_of_the_change_are_omissions(shop, name):
    content, kind = HOSTILE[name]
    shop.commit(shop__main=content)
    found = shop.detect()
    assert kinds(found) == {"shop/main.py": kind}
    assert found.failures == ()


def test_a_link_in_the_change_is_an_omission_and_leads_nowhere(shop, tmp_path):
    (tmp_path / "secret.py").write_text("import vault\nprint(vault.get_card(1))\n")
    (shop.root / "shop/link.py").symlink_to(tmp_path / "secret.py")
    shop.commit(shop__masking="def mask_pan(pan):\n    return ''\n")
    found = shop.look()
    assert kinds(found) == {"shop/link.py": OmissionKind.SYMLINK}
    assert "zone-flow" not in {each.rule for each in found.findings}


def test_unreadable_files_that_the_change_leaves_alone_are_told_and_hold_nothing(tmp_path):
    shop = make_shop(tmp_path, {"shop/old.py": "print 'two'\n", "shop/main.py": "import shop.old\n"})
    shop.commit(shop__main=OPENED + "from shop import old\nold.run()\n")
    found = shop.look()
    assert kinds(found) == {}
    assert ("zone-flow", "shop/report.py", 3, True) in told(found)


def test_objects_that_are_not_here_are_an_omission(shop):
    shop.commit(shop__main=OPENED)
    blob = git(shop.root, "rev-parse", "HEAD:shop/report.py").decode().strip()
    change = shop.change()
    (shop.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = FlowsDetector(Git.open(shop.root), 100, shop.cache).run(change)
    assert kinds(found) == {None: OmissionKind.MISSING_OBJECT}


def test_out_of_time_is_an_omission(shop):
    shop.commit(shop__main=OPENED)
    found = shop.look(seconds=0)
    assert OmissionKind.TIMEOUT in kinds(found).values()


def test_a_second_run_says_the_same(shop):
    shop.commit(shop__main=OPENED)
    assert shop.look() == shop.look()
    assert list(shop.cache.glob("*.pack"))


SCRIPT = "import vault from 'vault';\nfunction pay(u) { console.log(u.card_number); }\n"
LOUD = ZONES.replace('["log.$M", "logging.$M", print]', '["console.log", print]')


def test_other_languages_are_held_against_the_zones_by_semgrep(tmp_path):
    shop = make_shop(tmp_path, {PATH: LOUD})
    make_commit(shop.root, {"web/pay.js": SCRIPT})
    found = shop.detect()
    assert told(found) == [("zone-flow", "web/pay.js", 2, True)]
    assert found.omissions == found.failures == ()


def test_semgrep_without_memory_is_no_pass(tmp_path):
    shop = make_shop(tmp_path, {PATH: LOUD})
    make_commit(shop.root, {"web/pay.js": SCRIPT})
    detector = FlowsDetector(Git.open(shop.root), 100, shop.cache)
    found = detect(shop.change(), [detector], seconds=120, memory_bytes=200 * 2**20)
    assert found.failures or kinds(found) == {"web/pay.js": OmissionKind.NOT_SCANNED}


def test_semgrep_without_time_is_an_omission(tmp_path):
    shop = make_shop(tmp_path, {PATH: LOUD})
    make_commit(shop.root, {"web/pay.js": SCRIPT})
    assert kinds(shop.look(seconds=0)) == {"web/pay.js": OmissionKind.NOT_SCANNED}
