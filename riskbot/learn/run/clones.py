"""The clones of a run, opened: what the steps that go repository by repository share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskbot import __version__
from riskbot.assess.features import CATALOGUE_VERSION
from riskbot.domain.errors import UsageError
from riskbot.learn.config import Config, Repository
from riskbot.learn.reading import seconds
from riskbot.learn.repositories import limits
from riskbot.outside.git import Git

MINED = "mined"
LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Clone:
    """A repository of the run with its limits and the commit that it is read up to."""

    repository: Repository
    tip: str

    @property
    def file(self) -> str:
        """The name of its table, in the folder of each step."""
        return f"{self.repository.stem}.parquet"

    @property
    def since(self) -> int | None:
        """The first second that is read; None: from the beginning."""
        return None if self.repository.since is None else seconds(self.repository.since)

    @property
    def until(self) -> int | None:
        """The last second that is read; None: to the end."""
        return None if self.repository.until is None else seconds(self.repository.until) - 1

    def pins(self) -> dict[str, Any]:
        """Return what everything made of this clone depends on."""
        return {"tip": self.tip} | versions()


def versions() -> dict[str, Any]:
    """Return the versions that every step depends on."""
    return {"riskbot": __version__, "features": CATALOGUE_VERSION}


def clones(config: Config) -> Iterator[Clone]:
    """Open the clones of a run, one by one.

    Raises UsageError for one that is no repository, is empty, or is not whole: what came before would be
    counted as if it had never been.
    """
    for repository in config.repositories:
        git = Git.open(Path(repository.path))
        tip = git.head()
        if tip is None:
            raise UsageError(
                f"The repository {repository.name} has no commit at HEAD.", mend="Leave it out of the run."
            )
        if git.is_shallow() or git.is_partial():
            raise UsageError(
                f"The clone {repository.path} is shallow or partial, so its past is not all there.",
                mend="Clone it whole (git fetch --unshallow), or leave it out of the run.",
            )
        yield Clone(limits(repository, config.mine), tip)
