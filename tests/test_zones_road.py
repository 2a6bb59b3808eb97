"""``riskbot check`` down the whole road with policy zones, under the default policy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.detect.flows.make_flows import LOGGED, MASKED, OPENED, ZONES, Shop, make_shop
from tests.make import make_commit

ZONES_FILE = ".riskbot/zones.yaml"


def check(root: Path, *arguments: str):
    """Check the last commit; return the exit code and the report."""
    command = [sys.executable, "-m", "riskbot", "check", "HEAD^!", "--format", "json", *arguments]
    variables = os.environ | {"RISKBOT_MODEL": "metrics"}
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, timeout=120, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr.decode()


def flows(report) -> list[tuple[str, str, bool]]:
    return [
        (one["rule"], one["severity"], one["introduced"])
        for one in report["findings"]
        if one["detector"] == "flows"
    ]


@pytest.fixture
def shop(tmp_path) -> Shop:
    return make_shop(tmp_path)


def test_a_flow_opened_across_files_holds_the_change(shop):
    shop.commit(shop__main=OPENED)
    code, report = check(shop.root)
    assert flows(report) == [("zone-flow", "high", True)]
    assert code == 1


def test_a_change_that_closes_a_flow_passes(shop):
    shop.commit(shop__main=OPENED)
    shop.commit(shop__main=MASKED)
    code, report = check(shop.root)
    assert flows(report) == [("zone-flow-closed", "info", True)]
    assert code == 0


def test_what_is_reclassified_passes(shop):
    shop.commit(shop__main=MASKED)
    assert (check(shop.root)[0], flows(check(shop.root)[1])) == (0, [])


def test_weaker_zones_hold_the_change(shop):
    make_commit(shop.root, {ZONES_FILE: ZONES.replace("attributes: [card_number]", "attributes: []")})
    code, report = check(shop.root)
    assert ("zones-weakened", "critical", True) in flows(report)
    assert code == 1


def test_the_mode_log_is_told_and_passes(tmp_path):
    shop = make_shop(tmp_path, {ZONES_FILE: LOGGED})
    shop.commit(shop__main=OPENED)
    code, report = check(shop.root)
    assert flows(report) == [("zone-flow", "low", True)]
    assert code == 0


def test_the_base_s_broken_zones_are_an_error_that_names_the_place(tmp_path):
    shop = make_shop(tmp_path, {ZONES_FILE: "version: 1\nzones: {}\n"})
    shop.commit(shop__main=OPENED)
    code, said = check(shop.root)
    assert code == 2
    assert ".riskbot/zones.yaml:2" in said
