"""Settings: precedence, strictness with file and line, the docs' table, and a light import."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from riskbot import settings
from riskbot.domain.assessment import Band
from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError

OWN = ".riskbot/settings.toml"
PROJECT = "pyproject.toml"


def charter(text: str | bytes, path: str = OWN) -> Charter:
    return Charter("a" * 40, ((path, text.encode() if isinstance(text, str) else text),))


def test_defaults():
    loaded = settings.load()
    assert loaded == settings.Settings() == settings.load(Charter(), {}, {})
    assert (loaded.bands.weekend, loaded.bands.yellow, loaded.bands.red) == (90, 95, 99)
    assert (loaded.gates.weekend, loaded.gates.yellow, loaded.gates.red) == (5, 10, 50)


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        settings.load().format = "json"


def test_flags_win_over_environment_over_file_over_default():
    base = charter("detector_seconds = 1\nsemgrep_seconds = 1\nmax_file_bytes = 1\n")
    environment = {"RISKBOT_DETECTOR_SECONDS": "2", "RISKBOT_SEMGREP_SECONDS": "2.5", "PATH": "/bin"}
    loaded = settings.load(base, environment, {"detector_seconds": 3})
    assert (loaded.detector_seconds, loaded.semgrep_seconds, loaded.max_file_bytes) == (3, 2.5, 1)
    assert loaded.max_total_bytes == settings.Settings().max_total_bytes


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("unanalysed_band = 'red'\n[bands]\nred = 98\n", OWN),
        ("bands.red = 98\nunanalysed_band = 'red'\n", OWN),
        ("[project]\nname = 'x'\n[tool.riskbot]\nunanalysed_band = 'red'\nbands = {red = 98}\n", PROJECT),
    ],
)
def test_both_files_and_every_way_to_write_toml_are_read(text, path):
    loaded = settings.load(charter(text, path))
    assert loaded.unanalysed_band is Band.RED
    assert loaded.bands == settings.Bands(red=98.0)


def test_two_files_are_one_too_many():
    both = Charter("a" * 40, ((OWN, b"format = 'json'"), (PROJECT, b"[tool.riskbot]\n")))
    with pytest.raises(ConfigError, match=r"Keep one of the two"):
        settings.load(both)


def test_a_project_without_riskbot_is_none_of_its_business():
    broken = "this is no TOML at all = ["
    assert settings.load(charter(broken, PROJECT)) == settings.Settings()


@pytest.mark.parametrize(
    ("text", "path", "starts", "says"),
    [
        ("# format\n\nfromat = 'json'\n", OWN, f"{OWN}:3:1: ", "Did you mean 'format'?"),
        ("# x\r\nfromat = 'json'\r\n", OWN, f"{OWN}:2:1: ", "'format'?"),
        ("format = 'xml'\n", OWN, f"{OWN}:1:1: ", "one of text, json"),
        ("format = 'jsn'\n", OWN, f"{OWN}:1:1: ", "Did you mean 'json'?"),
        ("[bands]\nred = 94\n", OWN, f"{OWN}:2:1: ", "bands.yellow (95) must be below bands.red (94)"),
        ("gates = {weekend = 60}", OWN, f"{OWN}:1:10: ", "gates.weekend (60) must be below"),
        ("bands = 3", OWN, f"{OWN}:1:1: ", "must be a table"),
        ("[bands.red]\nx = 3\n", OWN, f"{OWN}:1:8: ", "a number from 0 to 100"),
        ("[bnds]\nred = 3\n", OWN, f"{OWN}:1:2: ", "There is no setting 'bnds'"),
        ("'bands.red' = 98", OWN, f"{OWN}:1:2: ", "There is no setting"),
        ("detector_seconds = true", OWN, f"{OWN}:1:1: ", "a number from"),
        ("detector_seconds = nan", OWN, f"{OWN}:1:1: ", "a number from"),
        ("detector_seconds = inf", OWN, f"{OWN}:1:1: ", "a number from"),
        ("detector_seconds = 0", OWN, f"{OWN}:1:1: ", "a number from"),
        ("detector_seconds = '60'", OWN, f"{OWN}:1:1: ", "a number from"),
        ("max_file_bytes = 1.5", OWN, f"{OWN}:1:1: ", "a whole number"),
        ("max_file_bytes = 0x" + "f" * 5000, OWN, f"{OWN}:1:1: ", "a very long number"),
        ("policy = '../evil.yml'", OWN, f"{OWN}:1:1: ", "a shipped policy, or a path"),
        ("policy = '.riskbot/../evil.yml'", OWN, f"{OWN}:1:1: ", "a shipped policy, or a path"),
        ("unanalysed_band = 'blue'", OWN, f"{OWN}:1:1: ", "green, weekend, yellow, red"),
        ("a = \n", OWN, f"{OWN}:1:5: ", "not TOML"),
        ("a = 1\na = 2\n", OWN, f"{OWN}:2:6: ", "not TOML"),
        ("a = " + "[" * 5000, OWN, f"{OWN}: ", "nests too deep"),
        ("a = " + "9" * 5000, OWN, f"{OWN}: ", "not TOML"),
        (b"a = 1\nb = '\xff'", OWN, f"{OWN}:2: ", "UTF-8"),
        ("#" * 2_000_000, OWN, f"{OWN}: ", "more than"),
        ("[tool]\nriskbot = 3\n", PROJECT, f"{PROJECT}: ", "must be a table"),
        (
            "[tool.other]\nbands = 1\n[tool.riskbot.bands]\nrde = 3\n",
            PROJECT,
            f"{PROJECT}:4:1: ",
            "'bands.red'?",
        ),
        ('[tool."risk\\u0062ot"]\nfromat = 1\n', PROJECT, f"{PROJECT}:2:1: ", "'format'?"),
        ("[tool.riskbot]\na = [\n", PROJECT, f"{PROJECT}:2: ", "not TOML"),
        ("a = 1\nb = ", OWN, f"{OWN}:2: ", "not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(text, path, starts, says):
    with pytest.raises(ConfigError) as caught:
        settings.load(charter(text, path))
    assert caught.value.message.startswith(starts)
    assert says in str(caught.value)


def test_a_key_within_text_is_not_taken_for_the_key():
    text = "[tool.other]\nx = '''\nfromat = 1\n'''\n[tool.riskbot]\nfromat = 2\n"
    with pytest.raises(ConfigError, match=re.escape(f"{PROJECT}:6:1: ")):
        settings.load(charter(text, PROJECT))


@pytest.mark.parametrize(
    ("environment", "flags", "says"),
    [
        (
            {"RISKBOT_FROMAT": "json"},
            {},
            "RISKBOT_FROMAT: There is no such setting. Did you mean 'RISKBOT_FORMAT'?",
        ),
        ({"RISKBOT_FORMAT": "xml"}, {}, "RISKBOT_FORMAT: format is 'xml'"),
        ({"RISKBOT_MAX_FILE_BYTES": "many"}, {}, "RISKBOT_MAX_FILE_BYTES: max_file_bytes is 'many'"),
        ({"RISKBOT_MAX_FILE_BYTES": ""}, {}, "max_file_bytes is ''"),
        ({"RISKBOT_BANDS_RED": "1"}, {}, "RISKBOT_BANDS_RED: bands.yellow (95) must be below bands.red (1)"),
        ({"RISKBOT_DETECTOR_SECONDS": "nan"}, {}, "RISKBOT_DETECTOR_SECONDS"),
        ({}, {"format": "xml"}, "--format: format is 'xml'"),
        ({}, {"max_file_bytes": -1}, "--max-file-bytes: "),
        ({}, {"formatt": "xml"}, "Did you mean 'format'?"),
    ],
)
def test_a_wrong_variable_or_flag_is_named(environment, flags, says):
    with pytest.raises(ConfigError) as caught:
        settings.load(None, environment, flags)
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


GOOD = b"""\
# riskbot's settings
policy = "default"
format = "json"
detector_seconds = 30
max_file_bytes = 500_000
unanalysed_band = "red"
[bands]
weekend = 80
yellow = 90.5
[gates]
red = 60
"""


@given(st.data())
@hypothesis_settings(max_examples=500, deadline=None)
def test_mutated_settings_are_refused_or_read_exactly(data):
    """Never a traceback, and never a key that is quietly dropped."""
    import tomllib

    mutated = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        end = min(at + data.draw(st.integers(0, 10)), len(mutated))
        mutated[at:end] = data.draw(
            st.one_of(st.binary(max_size=3), st.sampled_from([b"[", b"]", b"=", b"\n", b"'"]))
        )
    try:
        loaded = settings.load(charter(bytes(mutated)))
    except ConfigError as error:
        assert error.message.startswith(OWN)  # noqa: PT017
        return
    for name, value in tomllib.loads(bytes(mutated).decode()).items():
        got = getattr(loaded, name)
        if isinstance(value, dict):
            assert {key: getattr(got, key) for key in value} == value
        else:
            assert (got.value if isinstance(got, Band) else got) == value


@given(st.dictionaries(st.sampled_from([key.variable for key in settings.all_keys()]), st.text(max_size=12)))
def test_any_environment_is_read_or_refused(environment):
    try:
        settings.load(None, environment)
    except ConfigError as error:
        assert error.file in environment  # noqa: PT017


DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def test_the_table_of_the_docs_is_the_dataclass():
    rows = re.findall(
        r"^\| `([a-z_.]+)` \| ([^|]+) \| `([^|`]+)` \| `(RISKBOT_\w+)` \|", DOCS.read_text(), re.MULTILINE
    )
    kinds = {str: "text", bool: "true or false", float: "number", int: "whole number", Band: "band"}
    kinds[tuple] = "list of texts"

    def shown(value: object) -> str:
        if isinstance(value, Band):
            return value.value
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, tuple):
            return ", ".join(value)
        return value if isinstance(value, str) else f"{value:.10g}"

    expected = [
        (key.name, kinds[type(key.default)], shown(key.default), key.variable) for key in settings.all_keys()
    ]
    assert [tuple(part.strip() for part in row) for row in rows] == expected


def test_importing_settings_imports_nothing_heavy():
    code = (
        "import sys; import riskbot.settings as s; s.load();"
        "print([m for m in ('yaml', 'msgspec', 'libcst', 'rich', 'tomllib', 'difflib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_model_is_a_name_or_a_full_path():
    assert settings.load().model == "risk"
    for good in ("risk", "metrics", "/srv/models/ours"):
        assert settings.load(None, {"RISKBOT_MODEL": good}).model == good
    for bad in ("other", "models/ours", "../risk", "", "/"):
        with pytest.raises(ConfigError, match="a folder that holds a model"):
            settings.load(None, {"RISKBOT_MODEL": bad})


def test_a_switch_is_true_or_false():
    assert settings.load().author_features is True
    for text, value in (("true", True), ("false", False)):
        assert settings.load(None, {"RISKBOT_AUTHOR_FEATURES": text}).author_features is value
    for bad in ("no", "0", "1", "False", ""):
        with pytest.raises(ConfigError, match="true or false"):
            settings.load(None, {"RISKBOT_AUTHOR_FEATURES": bad})
