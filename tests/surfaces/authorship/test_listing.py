"""`riskbot authorship` and `riskbot authorship list`, as a person and a program meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from make import git, make_commit, make_repository

from riskbot.domain.schemas import portable
from riskbot.report.authored import document
from riskbot.surfaces import cli

CLAUDE = "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>"
RISKBOT = [sys.executable, "-m", "riskbot", "authorship"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> tuple[Path, list[str]]:
    """Four commits on main; three more on work, of which one is an agent's and one a bot's."""
    root = make_repository(tmp_path_factory.mktemp("shop") / "shop")
    when = "2026-03-0{}T12:00:00+00:00"
    ids = [make_commit(root, {"a.py": f"x = {n}\n"}, f"step {n}", when=when.format(n)) for n in range(1, 5)]
    git(root, "checkout", "-q", "-b", "work")
    bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    ids += [
        make_commit(root, {"a.py": "y = 1\n"}, f"Add y\n\n{CLAUDE}", when=when.format(5)),
        make_commit(root, {"b.txt": "1\n"}, "Bump b", author=bot, when=when.format(6)),
        make_commit(root, {"a.py": "z = 1\n"}, "Add z", when=when.format(7)),
    ]
    return root, ids


def lines(capsysbinary, *arguments: str) -> list[dict]:
    assert cli.main(["authorship", *arguments, "--format", "jsonl"]) == 0
    found = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    for one in found:
        jsonschema.validate(one, portable(document.line_schema()))
    return found


def said(capsysbinary, *arguments: str, code: int = 0) -> str:
    assert cli.main(["authorship", *arguments]) == code
    return capsysbinary.readouterr().out.decode()


def test_a_range(shop, capsysbinary):
    root, ids = shop
    found = lines(capsysbinary, "main..work", "--repo", str(root))
    assert [one["commit"] for one in found] == ids[:3:-1]
    assert [one["category"] for one in found] == ["none", "automation", "declared"]
    assert [one["tool"] for one in found] == [None, "dependabot", "claude"]
    (sign,) = found[2]["evidence"]
    assert (sign["channel"], sign["tier"], sign["counts"]) == ("trailer", "B", True)
    assert CLAUDE in sign["seen"]
    assert found[2]["model"] == "Claude Opus 4.5"
    assert found[2]["disclosed"] is True


def test_what_a_push_would_send(shop, tmp_path, capsysbinary):
    root, _ids = shop
    git(tmp_path, "clone", "-q", "-b", "main", str(root), "clone")
    clone = tmp_path / "clone"
    mine = make_commit(clone, {"c": "1\n"}, "mine")
    assert [one["commit"] for one in lines(capsysbinary, "--repo", str(clone))] == [mine]
    git(clone, "reset", "-q", "--hard", "origin/main")
    assert cli.main(["authorship", "--repo", str(clone)]) == 2, "nothing to look at is no success"


def test_whole_histories(shop, capsysbinary):
    root, ids = shop
    repository = ("--repo", str(root))
    assert [one["commit"] for one in lines(capsysbinary, "--history", "main", *repository)] == ids[3::-1]
    git(root, "notes", "--ref=other", "add", "-f", "-m", "note", ids[0])
    assert {one["commit"] for one in lines(capsysbinary, "--all", *repository)} == set(ids)


def test_the_action_may_be_named_and_a_branch_may_be_called_like_one(shop, capsysbinary):
    root, ids = shop
    git(root, "branch", "-f", "stats", ids[5])
    repository = ("--repo", str(root))
    assert len(lines(capsysbinary, "list", "main..work", *repository)) == 3
    assert len(lines(capsysbinary, "list", "--debug", "main..stats", *repository)) == 2
    assert len(lines(capsysbinary, "--debug", "main..stats", *repository)) == 2


def test_a_list_keeps_its_order_and_says_what_is_unknown(shop, capsysbinary, tmp_path):
    root, ids = shop
    (tmp_path / "ids").write_text(f"{ids[4]}\n\n# a comment\nnowhere\n  work~2  \r\n{'f' * 40}\n{ids[0]}")
    found = lines(capsysbinary, "--commits", str(tmp_path / "ids"), "--repo", str(root))
    names = [ids[4], "nowhere", ids[4], "f" * 40, ids[0]]
    assert [one["commit"] for one in found] == names
    categories = ["declared", "unknown", "declared", "unknown", "none"]
    assert [one["category"] for one in found] == categories
    assert "no such commit" in found[1]["note"]
    assert found[1]["committed_at"] is None


def test_every_line_is_there_before_more_is_asked(shop):
    root, ids = shop
    with subprocess.Popen(
        [*RISKBOT, "--commits", "-", "--format", "jsonl"],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        for name in (ids[4], ids[0]):
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["commit"] == name
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_a_long_list_takes_no_more_memory(shop):
    root, ids = shop

    def peak(count: int) -> int:
        code = (
            "import resource, sys\nfrom riskbot.surfaces.cli import main\n"
            "code = main(sys.argv[1:])\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\nsys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "authorship", "--commits", "-", "--format", "jsonl"],
            cwd=root,
            input=f"{ids[4]}\n{ids[0]}\n".encode() * (count // 2),
            capture_output=True,
            check=True,
        )
        assert done.stdout.count(b"\n") == count
        return int(done.stderr.split()[-1])

    assert peak(6_000) < peak(200) * 1.5


@pytest.mark.parametrize("format_", ["jsonl", "json", "text"])
def test_a_file_is_written_whole(shop, tmp_path, format_, capsysbinary):
    root, _ = shop
    written = tmp_path / "out"
    shown = said(capsysbinary, "main..work", "--repo", str(root), "--format", format_)
    assert (
        said(capsysbinary, "main..work", "--repo", str(root), "--format", format_, "--output", str(written))
        == ""
    )
    assert written.read_text() == shown


def test_the_document(shop, capsysbinary):
    root, _ids = shop
    found = json.loads(said(capsysbinary, "main..work", "--repo", str(root), "--format", "json"))
    jsonschema.validate(found, portable(document.schema()))
    assert found["repository"] == "shop"
    assert found["origin"].startswith("main..work, from the merge base")
    assert len(found["commits"]) == found["summary"]["commits"] == 3
    assert found["summary"]["categories"]["declared"] == 1
    assert found["summary"]["tools"] == {"claude": 1, "dependabot": 1}


def test_the_table(shop, capsysbinary):
    root, ids = shop
    text = said(capsysbinary, "main..work", "--repo", str(root))
    assert f"{ids[4][:10]}  2026-03-05  declared    Claude Opus 4.5" in text
    assert f"B  trailer: {CLAUDE}" in text
    assert "3 commits: 1 declared, 1 automation, 1 without a sign." in text
    assert "No sign is not evidence of a human author" in text


def test_the_repository_may_add_a_tool_at_the_base_and_not_in_the_change(shop, tmp_path, capsysbinary):
    own = (
        '[[tool]]\nid = "house"\nname = "House"\n\n'
        '[[signature]]\nid = "house-email"\ntool = "house"\ntier = "B"\nchannel = "identity"\n'
        'source = "our own"\nemails = ["agent@house.example"]\n'
    )
    root = make_repository(tmp_path / "own", {"a": "1\n"})
    agent = "House <agent@house.example>"
    make_commit(root, {".riskbot/signatures.toml": own}, "add the tool", author=agent)
    make_commit(root, {"a": "2\n"}, "use it", author=agent)
    repository = ("--repo", str(root))
    first = lines(capsysbinary, "HEAD~1^!", *repository)
    assert [one["category"] for one in first] == ["none"], "the change itself brings the entry"
    assert [one["tool"] for one in lines(capsysbinary, "HEAD^!", *repository)] == ["house"]


def test_a_shallow_clone_says_so(shop, tmp_path, capsysbinary):
    root, _ = shop
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "shallow")
    text = said(capsysbinary, "--all", "--repo", str(tmp_path / "shallow"))
    assert "This clone is shallow" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("main..work", "--all"), "cannot be combined"),
        (("main..work", "--history", "main"), "cannot be combined"),
        (("--commits", "nowhere"), "cannot be read"),
        (("no-such-branch",), "is unknown in this repository"),
        (("work..main",), "There is nothing to check"),
        (("--history", "nowhere"), "is unknown in this repository"),
    ],
)
def test_what_cannot_be_asked_for(shop, arguments, words, capsysbinary):
    root, _ = shop
    assert cli.main(["authorship", *arguments, "--repo", str(root)]) == 2
    said = capsysbinary.readouterr()
    assert words in said.err.decode()
    assert said.out == b""


def test_hostile_text_acts_on_nothing(tmp_path, capsysbinary):
    root = make_repository(tmp_path / "evil", {"a": "1\n"})
    tree = git(root, "rev-parse", "HEAD^{tree}").strip()
    who = b"\x1b]0;x\x07\xff\xe2\x80\xae <noreply@anthropic.com> 1780000000 +0000"
    text = b"tree %s\nauthor %s\ncommitter %s\n\n\x1b[31msubject\n\n%s\n" % (
        tree,
        who,
        who,
        b"Co-authored-by: Claude \x1b[2J <noreply@anthropic.com>\n" * 5_000,
    )
    name = (
        git(root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=text).decode().strip()
    )
    for format_ in ("text", "json", "jsonl"):
        out = said(capsysbinary, "--history", name, "--repo", str(root), "--format", format_)
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert len(out) < 200_000


def test_help_names_the_actions(capsysbinary):
    with pytest.raises(SystemExit) as ended:
        cli.main(["authorship", "--help"])
    assert ended.value.code == 0
    text = capsysbinary.readouterr().out.decode()
    assert all(action in text for action in ("list", "stats", "contest"))


def test_a_range_of_fifty_starts_no_heavy_import(tmp_path):
    root = make_repository(tmp_path / "r")
    for number in range(51):
        git(root, "commit", "-q", "--allow-empty", "-m", f"step {number}")
    code = (
        "import sys\nfrom riskbot.surfaces.cli import main\n"
        "code = main(['authorship', 'HEAD~50..HEAD', '--format', 'jsonl'])\n"
        "heavy = {'libcst', 'rich', 'yaml', 'onnxruntime', 'numpy', 'PIL', 'riskbot.judge', 'riskbot.report.document'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\n") == 50


def test_an_object_that_is_missing_spoils_no_other_commits_lines(shop, tmp_path, capsysbinary):
    root, ids = shop
    git(tmp_path, "clone", "-q", "--no-local", str(root), "clone")
    clone = tmp_path / "clone"
    when = "2026-03-09T12:00:00+00:00"
    mine = make_commit(clone, {"a.py": "a = 1\nb = 2\n"}, f"Two more\n\n{CLAUDE}", when=when)
    blob = subprocess.check_output(["git", "-C", str(clone), "rev-parse", "HEAD:a.py"], text=True).strip()
    (clone / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = {one["commit"]: one for one in lines(capsysbinary, "--all", "--lines", "--repo", str(clone))}
    assert found[mine]["category"] == "declared"
    assert found[mine]["share"] is None
    assert found[ids[4]]["share"] == {"low": 1.0, "high": 1.0, "lines": 1}
