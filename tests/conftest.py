"""What every test shares: an environment without surprises."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A commit must not fail for what another one brought: the suite tries the same examples every time. To look
# for new ones: HYPOTHESIS_PROFILE=explore make test.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def _scrubbed_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the caller's git, colour and riskbot settings out of the tests."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "RISKBOT_", "PRE_COMMIT_")) or name in {"NO_COLOR", "FORCE_COLOR", "CI"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
