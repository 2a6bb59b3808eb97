"""A history for the tests, one commit a second, told as it is made."""

from pathlib import Path

from make import git, make_commit, make_repository

from riskbot.learn.label import label
from riskbot.outside.git import Git

BEGIN = 1_700_000_000


class Story:
    """Commits are named by single words; the events speak in these names."""

    def __init__(self, root: Path) -> None:
        self.root = make_repository(root)
        self.names: dict[str, str] = {}
        self.clock = BEGIN

    def commit(self, name: str, files: dict, message: str | None = None, *, step: int = 60) -> str:
        self.clock += step
        made = make_commit(self.root, files, message or name, when=f"{self.clock} +0000")
        self.names[made] = name
        return made

    def merge(self, name: str, branch: str, files: dict | None = None) -> str:
        """Merge ``branch``; ``files`` are what the merge makes of them."""
        when = f"{self.clock + 60} +0000"
        env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        git(self.root, "merge", "-q", "--no-ff", "--no-commit", "-s", "ours", branch, env=env)
        return self.commit(name, files or {})

    def git(self, *arguments: str) -> str:
        return git(self.root, *arguments).decode().strip()

    def time(self, name: str) -> int:
        made = next(made for made, one in self.names.items() if one == name)
        return int(self.git("log", "-1", "--format=%ct", made))

    def events(self, **options):
        found = Git.open(self.root)
        return list(label(found, self.git("rev-parse", "HEAD"), **options))

    def blamed(self, source: str, **options) -> set[str]:
        """The pairs "fix>blamed" of one source."""
        return {
            f"{self.names[event.fix]}>{self.names[event.commit]}"
            for event in self.events(**options)
            if event.source == source
        }
