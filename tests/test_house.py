"""The house itself: who imports whom, the public face, twins, and that everything is documented."""

import argparse
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import riskbot
from riskbot.surfaces import cli

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "riskbot").rglob("*.py")
)


def test_the_import_contract_holds():
    # A process of its own: import-linter reads its settings from the folder it runs in.
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_face_is_complete_and_sorted():
    assert sorted(riskbot.__all__) == list(riskbot.__all__)
    for name in riskbot.__all__:
        assert getattr(riskbot, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = riskbot.nothing


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__main__")])
def test_every_module_says_what_it_is(module):
    if module.startswith("riskbot.learn"):
        pytest.importorskip("sklearn")
    assert (importlib.import_module(module).__doc__ or "").strip(), f"{module} has no docstring"


def test_only_the_doors_start_processes():
    """``subprocess`` is imported by outside/ alone; detect's cells use multiprocessing."""
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "riskbot").rglob("*.py")
        if re.search(r"^\s*(import|from) (subprocess|socket)\b", path.read_text(), re.MULTILINE)
        and "outside" not in path.parts
    ]
    assert guilty == []


def _options(parser: argparse.ArgumentParser) -> set[str]:
    hidden = argparse.SUPPRESS
    return {name for action in parser._actions if action.help != hidden for name in action.option_strings} - {
        "-h",
        "--help",
    }


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_and_option_is_documented(command):
    documents = "\n".join((ROOT / "docs" / name).read_text() for name in ("cli.md", "hooks.md"))
    parser = argparse.ArgumentParser()
    importlib.import_module(cli.COMMANDS[command][0]).add_arguments(parser)
    assert f"`riskbot {command}" in documents
    parsers = {"": parser}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            parsers |= action.choices
    for name, one in parsers.items():
        if module := getattr(one, "module", ""):  # its own arguments are declared when it is asked for
            importlib.import_module(module).add_arguments(one)
        assert f"riskbot {command} {name}".strip() in documents
        for option in _options(one):
            assert f"`{option}" in documents, f"{option} of riskbot {command} {name} is not documented"


@pytest.mark.parametrize(
    ("data", "twin"),
    [
        *(
            (policy, policy.with_name(f"{policy.stem}.cases.yml"))
            for policy in sorted((ROOT / "policies").glob("*.yml"))
            if not policy.name.endswith(".cases.yml")
        ),
        *((model, model / "card.md") for model in sorted((ROOT / "models").iterdir()) if model.is_dir()),
    ],
    ids=lambda path: path.name,
)
def test_every_policy_and_model_has_its_twin(data, twin):
    """That of a rule is asked for by what reads it."""
    assert twin.is_file(), f"{data.name} has no {twin.name}"


def test_links_in_the_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_version_is_in_the_changelog_or_unreleased():
    text = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in text or f"## [{riskbot.__version__}]" in text


def test_the_plain_install_needs_no_torch_and_no_learning():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=\[ ]", need)[0].lower() for need in project["dependencies"]}
    assert not names & {"torch", "transformers", "torchao", "scikit-learn", "numpy", "matplotlib"}
