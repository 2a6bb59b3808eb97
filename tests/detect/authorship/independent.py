"""What the catalogue says, a second time: plainly, slowly, and written without looking at riskbot's own code.

The tests and ``benchmarks/authorship.py`` hold riskbot's fast matcher against this one. It knows nothing but
a commit's names, addresses, committer date and message, so it never says attested, mixed or inferred. Where
the catalogue leaves a choice the reading is this:

- an address is looked for in the author, the committer and the co-author trailers, whole and without regard
  to case; a sign-off or a review by an agent is no authorship;
- a message is read line by line: a line that is indented, begins with ``>`` or stands in a closed fence is a
  quotation (but for the one footer that is written with ``>``);
- where a line ends in an address, a typed backslash and n break it: so agents call ``git commit -m``;
- the strongest tier of a tool is what counts, and an agent's B makes the commit declared; C does so only in
  the tool's exact words;
- a disclosure that gives a first name and nothing more (Claude, Devin, Jules, Pi) is of tier C;
- before 2022 nothing can be signed by an agent, whatever the author date says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

NOTHING_BEFORE = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp())
"""Committer dates before it, in seconds since the epoch, are of another world."""

GITHUB = "@users.noreply.github.com"

# tool -> what it writes into commits, one address to a word; GitHub's own hide the domain behind "+".
AGENTS_B = {
    "claude": "noreply@anthropic.com no-reply@anthropic.com claude@anthropic.com assistant@anthropic.com"
    " claude@users.noreply.github.com 41898282+claude[bot] 209825114+claude[bot]",
    "copilot": "198982749+copilot 198982749+copilot-swe-agent[bot] 223556219+copilot",
    "cursor": "cursoragent@cursor.com 199161495+cursoragent",
    "devin": "158243242+devin-ai-integration[bot] devin@cognition.ai",
    "codex": "noreply@openai.com codex@openai.com",
    "aider": "aider@aider.chat noreply@aider.chat noreply@aider.dev",
    "openhands": "openhands@all-hands.dev opendevin@opendevin.ai opendevin@all-hands.dev",
    "amp": "amp@ampcode.com",
    "jules": "161369871+google-labs-jules[bot]",
    "gemini": "gemini-cli@google.com gemini-cli-agent@google.com",
    "antigravity": "antigravity@google.com",
    "opencode": "noreply@opencode.ai",
    "factory": "138933559+factory-droid[bot]",
    "codeflash": "148906541+codeflash-ai[bot]",
    "junie": "201638009+jetbrains-junie[bot]",
    "sweep": "128439645+sweep-ai[bot]",
    "sentry": "264270552+sentry-junior[bot]",
    "warp": "oz-agent@warp.dev",
    "mistral": "vibe@mistral.ai",
    "trae": "noreply@bytedance.com",
    "commandcode": "noreply@commandcode.ai",
    "openclaude": "openclaude@gitlawb.com",
    "qwen": "qwen-coder@alibabacloud.com",
    "clio": "clio-agent@sisyphuslabs.ai",
}
AGENTS_C = {
    "copilot": "copilot@github.com",
    "cursor": "ai@cursor.sh",
    "grok": "grok@x.ai",
    "goose": "opensource@block.xyz",
    "codeium": "noreply@codeium.com",
    "windsurf": "cascade@windsurf.ai",
    "amazon-q": "noreply@amazon.com",
    "cline": "noreply@cline.bot",
    "pi": "noreply@pi.dev",
    "roo": "roomote@roocode.com",
    "crush": "crush@charm.land",
    "kiro": "kiro-agent@amazon.com kiro-noreply@amazon.com kiro@aws.amazon.com",
    "letta": "noreply@letta.com",
    "ona": "no-reply@ona.com",
    "verdent": "verdent@verdent.ai",
    "sketch": "hello@sketch.dev",
    "abacus": "agent@abacus.ai",
    "warp": "noreply@warp.dev",
    "chatgpt": "chatgpt@openai.com",
    "replit": "no-reply@replit.com",
}
ASSISTED = {
    "copilot-review": "175728472+copilot",
    "copilot-autofix": "62310815+github-advanced-security[bot] 223894421+github-code-quality[bot]",
    "codex-review": "199175422+chatgpt-codex-connector[bot]",
    "gemini-code-assist": "176961590+gemini-code-assist[bot]",
}
ASSISTED_LOGINS = {
    "coderabbitai": "coderabbit",
    "sourcery-ai": "sourcery",
    "cubic-dev-ai": "cubic",
    "hyperlint-ai": "hyperlint",
    "greptile-apps": "greptile",
    "gemini-code-assist": "gemini-code-assist",
}
LOGINS_C = {"seer-by-sentry": "sentry", "codegen-sh": "codegen", "devin-ai-integration": "devin"}
AUTOMATION_LOGINS = {
    "dependabot": "dependabot",
    "dependabot-preview": "dependabot",
    "renovate": "renovate",
    "pre-commit-ci": "pre-commit-ci",
    "patchback": "patchback",
    "mergify": "mergify",
    "github-actions": "github-actions",
    "stainless-app": "stainless",
}

COAUTHOR = ("co-authored-by", "coauthored-by", "co-author", "co-developed-by")
DISCLOSURES = (
    "assisted-by",
    "asissted-by",
    "assistedby",
    "assisted-by-ai",
    "generated-by",
    "coding-agent",
    "claude-generated-by",
)

# How tools are called in the value of a disclosure, the longest first; what follows decides (see below).
SPOKEN = (
    ("claude-code", "claude"),
    ("claude code", "claude"),
    ("claudecode", "claude"),
    ("claude", "claude"),
    ("github copilot", "copilot"),
    ("copilotcli", "copilot"),
    ("copilot", "copilot"),
    ("cursor", "cursor"),
    ("devin", "devin"),
    ("openai codex", "codex"),
    ("codex", "codex"),
    ("chatgpt", "chatgpt"),
    ("openai", "chatgpt"),
    ("gpt", "chatgpt"),
    ("aider", "aider"),
    ("openhands", "openhands"),
    ("ampcode", "amp"),
    ("amp", "amp"),
    ("jules", "jules"),
    ("gemini-code-assist", "gemini-code-assist"),
    ("gemini", "gemini"),
    ("antigravity", "antigravity"),
    ("opencode", "opencode"),
    ("factory droid", "factory"),
    ("junie", "junie"),
    ("mistral vibe", "mistral"),
    ("qwen", "qwen"),
    ("goose", "goose"),
    ("windsurf", "windsurf"),
    ("cline", "cline"),
    ("crush", "crush"),
    ("kiro", "kiro"),
    ("pi", "pi"),
)
FIRST_NAMES = ("claude", "devin", "jules", "pi")
# What may follow a name that is a person's, too: a model, a version, a bracket, but no surname.
AFTER = re.compile(
    r"(?:[:(\[/,;+@<.-].*|\s*v?\d.*|\s+[(\[<].*"
    r"|\s+(?:code|opus|sonnet|haiku|fable|mythos|instant|cli|agent|ai|pro|flash|ultra|composer|chat|bot"
    r"|with|using|via|and|coder|vibe|swe)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# Lines, whole or in part: (tool, tier, pattern). Tried on every line that is no quotation. "C+" is tier C in the
# tool's exact words, which nobody has a reason to write by hand: it counts alone.
LINES = (
    ("claude", "B", r"https://claude\.ai/code/session_\w+"),
    ("claude", "B", r"^Claude-Workflow:\s*\S"),
    ("copilot", "B", r"^Agent-Logs-Url:\s*https://github\.com/[^/\s]+/[^/\s]+/sessions/" + UUID),
    ("copilot", "B", r"^Copilot-Session:\s*" + UUID),
    ("amp", "B", r"https://ampcode\.com/threads/T-" + UUID),
    ("cursor", "B", r"^Made-with:\s*Cursor\s*$"),
    ("cursor", "B", r"^Made with \[Cursor\]\(https://cursor\.com/?\)"),
    ("devin", "B", r"https://app\.devin\.ai/sessions/[0-9a-f]{32}\b"),
    ("codex", "B", r"https://chatgpt\.com/codex/tasks/task_e_\w+"),
    ("jules", "B", r"https?://jules\.google\.com/task/\w+"),
    (
        "claude",
        "C+",
        r"Generated (?:with|by) \[Claude Code\]\(https://claude\.(?:com/claude-code|ai/code)[^)]*\)",
    ),
    ("claude", "C", r"Generated (?:with|by) \[Claude Code\]"),
    ("claude", "C", r"^\W*Generated with Claude Code\b"),
    ("codex", "C+", r"^>?\s*Written by GPT-[\w.-]+ on Codex"),
    ("opencode", "C+", r"^\W*Generated with \[?opencode\b"),
    ("mistral", "C+", r"^\W*Generated by Mistral Vibe\.?"),
    ("copilot", "C+", r"<!-- START COPILOT CODING AGENT TIPS -->"),
    ("copilot", "C+", r"Firewall rules blocked me from connecting"),
    ("jules", "C+", r"^\W*PR created automatically by Jules"),
)
NOT_AUTHORSHIP = re.compile(
    r"<sup>|app\.devin\.ai/review/|PeakInfer|Bugbot|CodeRabbit|Ellipsis", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Made:
    """A commit as it was made: names and addresses before any mailmap, seconds since the epoch."""

    author: tuple[str, str]
    committer: tuple[str, str]
    committed_at: int
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``agents``, ``assisted``: the best tier of each tool; ``category`` in riskbot's words.

    ``late`` is False where everything that was found is from before any of it existed.
    """

    agents: frozenset[tuple[str, str]]
    assisted: frozenset[str]
    automation: frozenset[str]
    category: str
    late: bool = True


def identify(made: Made) -> Answer:
    """Say which tools left which tiers of signs on the commit."""
    agents: set[tuple[str, str]] = set()
    assisted: set[str] = set()
    lines = spoken_lines(made.message)
    people = [made.author, made.committer]
    for line in lines:
        for key, value in pairs(line):
            if key in COAUTHOR:
                people += persons(value)
    for name, address in people:
        agents |= agents_named(name, address)
        assisted |= assisted_named(name, address)
    agents |= in_names(made)
    for line in lines:
        agents |= on_line(line)
    counts = any(tier in {"B", "C+"} for _, tier in agents)
    agents = best(agents)
    automation = automation_named(*made.author)
    late = made.committed_at >= NOTHING_BEFORE
    category = "none"
    if automation:
        category = "automation"
    if late and assisted:
        category = "assisted"
    if late and counts:
        category = "declared"
    return Answer(frozenset(agents), frozenset(assisted), frozenset(automation), category, late)


def best(agents: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Keep each tool's better tier."""
    return {(tool, tier[0]) for tool, tier in agents if tier == "B" or (tool, "B") not in agents}


def spoken_lines(message: str) -> list[str]:
    """Return the lines that the commit says itself, without those that it quotes."""
    lines = message.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        fence = re.match(r"(```|~~~)", line)
        if fence:
            end = next(
                (at for at in range(place + 1, len(lines)) if lines[at].startswith(fence.group(1))), None
            )
            if end is not None:
                place = end + 1
                continue
        footer = re.match(r">\s*Written by GPT-", line, re.IGNORECASE)
        if not line.startswith((" ", "\t", ">")) or footer:
            kept.append(line)
            if not footer and line.rstrip().endswith(">"):
                kept += line.split("\\n")[1:]
        place += 1
    return kept


def pairs(line: str) -> list[tuple[str, str]]:
    """Return the key, in lower case, and the value, if the line is written like a trailer."""
    match = re.fullmatch(r"([A-Za-z][A-Za-z-]*)[ \t]*:[ \t]*(.*)", line, re.DOTALL)
    return [(match.group(1).lower(), match.group(2).strip())] if match else []


def persons(value: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a trailer's value; a name without any address is kept with ""."""
    found = re.findall(r"([^<>]*)<([^<>]*)>", value)
    if found:
        return [(name.strip(" ,;\t"), address) for name, address in found]
    bare = re.search(r"[^\s<>()]+@[^\s<>()]+", value)
    if bare:
        return [(value[: bare.start()].strip(), bare.group())]
    return [(value, "")]


def listed(table: dict[str, str], address: str) -> set[str]:
    """Return the tools that have exactly this address."""
    plain = address.strip().lower()
    tools = set()
    for tool, words in table.items():
        for word in words.split():
            whole = word if "@" in word else word + GITHUB
            if plain == whole:
                tools.add(tool)
    return tools


def login(name: str, address: str) -> str:
    """Return the login of a GitHub bot, without ``[bot]``, by its hidden address or else by its name."""
    match = re.fullmatch(r"(?:\d+\+)?([\w-]+)\[bot\]@users\.noreply\.github\.com", address.strip().lower())
    if match:
        return match.group(1)
    match = re.fullmatch(r"([\w-]+)\[bot\]", name.strip().lower())
    return match.group(1) if match else ""


@cache
def agents_named(name: str, address: str) -> frozenset[tuple[str, str]]:
    """Say whose identity it is, if an agent's."""
    found = {(tool, "B") for tool in listed(AGENTS_B, address)}
    found |= {(tool, "C") for tool in listed(AGENTS_C, address)}
    plain = name.strip().lower()
    if address.strip().lower() == "contact@all-hands.dev" and plain == "openhands bot":
        found.add(("openhands", "B"))
    if address.strip().lower() == "apk@cognition.ai" and plain == "bot_apk":
        found.add(("devin", "B"))
    if plain == "openai codex" and address:
        found.add(("codex", "C"))
    if plain == "claude" and not address:
        found.add(("claude", "C"))
    if login(name, address) in LOGINS_C and not found:
        found.add((LOGINS_C[login(name, address)], "C"))
    return frozenset(found)


@cache
def assisted_named(name: str, address: str) -> frozenset[str]:
    """Say whose suggestion was taken over, if it is a suggesting tool's identity."""
    found = listed(ASSISTED, address)
    if found == {"copilot-review"} and name.strip().lower().startswith("copilot autofix"):
        found = {"copilot-autofix"}
    if login(name, address) in ASSISTED_LOGINS:
        found.add(ASSISTED_LOGINS[login(name, address)])
    return frozenset(found)


def automation_named(name: str, address: str) -> set[str]:
    """Say which bot that is no language model the author is; the number tells Claude from the workflows."""
    if agents_named(name, address):
        return set()
    tool = AUTOMATION_LOGINS.get(login(name, address))
    return {tool} if tool else set()


def in_names(made: Made) -> set[tuple[str, str]]:
    """Look at the names that aider changes, and at its subject."""
    found = set()
    if any(name.endswith(" (aider)") for name, _ in (made.author, made.committer)):
        found.add(("aider", "B"))
    if made.message.lower().startswith("aider: "):
        found.add(("aider", "C"))
    return found


def on_line(line: str) -> set[tuple[str, str]]:
    """Look at one line of the message: sessions, footers, disclosures."""
    found = set()
    if not NOT_AUTHORSHIP.search(line):
        for tool, tier, pattern in LINES:
            if re.search(pattern, line, re.IGNORECASE):
                found.add((tool, tier))
    for key, value in pairs(line):
        if key in DISCLOSURES:
            found |= disclosed(key, value)
        elif key == "ai-assisted" and value.lower() in {"true", "yes"}:
            found.add(("llm", "B"))
        elif key in {"agent", "model"}:
            found |= {(tool, "C") for tool, _ in spoken(value)}
    return found


def disclosed(key: str, value: str) -> set[tuple[str, str]]:
    """Say which tool a disclosure's value names: by an agent's address, else by its first words."""
    if key == "claude-generated-by":
        return {("claude", "B")} if value else set()
    for name, address in persons(value):
        if address:
            return {(tool, "B") for tool, _ in agents_named(name, address)}
    return spoken(value)


def spoken(value: str) -> set[tuple[str, str]]:
    """Say which tool the words begin with; a person who shares its name goes on with a surname."""
    plain = value.strip()
    for words, tool in SPOKEN:
        if plain.lower().startswith(words) and AFTER.fullmatch(plain[len(words) :]):
            return {(tool, "C" if plain.lower() in FIRST_NAMES else "B")}
    return set()


KEY = r"s_[0-9a-f]{14}(?:::t_[0-9a-f]{14})?|h_[0-9a-f]{14}|[0-9a-f]{16}|[0-9a-f]{7}"


def attributed(note: str) -> dict[str, tuple[set[int], set[int]]]:
    """Read the first block of a git-ai note: path -> (lines of agents, lines of known people).

    Of an entry with another key (there are old ones that say "human") nothing is taken; a line that both claim is the people's.
    """
    files: dict[str, tuple[set[int], set[int]]] = {}
    path = ""
    for line in note.split("\n"):
        if line == "---":
            return files
        entry = re.fullmatch(rf"  ({KEY}) ([0-9,-]+)", line)
        if entry and path:
            agents, people = files.setdefault(path, (set(), set()))
            mine = people if entry.group(1).startswith("h_") else agents
            for part in entry.group(2).split(","):
                first, _, last = part.partition("-")
                if first.isdigit() and (last or first).isdigit():
                    mine.update(range(int(first), int(last or first) + 1))
        elif line and not line.startswith(" "):
            path = line.strip('"')
    return {}
