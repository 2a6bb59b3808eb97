import msgspec
import pytest

from riskbot.domain.errors import EvaluationError
from riskbot.learn.quantize import work
from riskbot.learn.quantize.roads import Road, roads
from riskbot.learn.quantize.work import Job, Outcome, measure, prepare, reason, settle

TRACEBACK = """\
Some warning before.
Traceback (most recent call last):
  File "/a/b.py", line 1, in <module>
KeyError: 'first'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/a/b.py", line 3, in <module>
    raise
torch.fx.Proxy.TraceError: symbolically traced variables cannot be used
    as inputs to control flow
and a second line
"""


def unknown(name):
    return Road(name, name, lambda *_: None, lambda *_: None)


@pytest.fixture
def job(tmp_path):
    made = Job(
        folder=str((tmp_path / "here").resolve()),
        checkpoint="none",
        vocabulary=10,
        threads=1,
        runs=1,
        pins="p",
    )
    settle(made, tmp_path)
    return made


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        (TRACEBACK, "torch.fx.Proxy.TraceError: symbolically traced variables cannot be used"),
        ("", "it said nothing"),
        ("Killed\n", "Killed"),
        (
            "Traceback (most recent call last):\nOSError: /home/someone/it/model.pt is gone",
            "OSError: model.pt is gone",
        ),
        ("ValueError: a\x1b[31mb", "ValueError: a?[31mb"),
        (
            "Traceback (most recent call last):\n  x\nImportError: no 'a' in 'b' (/opt/x/b/__init__.py)\n",
            "ImportError: no 'a' in 'b' (__init__.py)",
        ),
    ],
)
def test_the_reason_is_the_last_exception(stderr, said):
    assert reason(stderr) == said


def test_a_reason_is_no_longer_than_two_hundred_characters():
    assert reason("ValueError: " + "x" * 500) == "ValueError: " + "x" * 187 + "…"


def test_a_road_that_fails_tells_its_error_and_is_not_tried_again(job, monkeypatch):
    road = unknown("no-such-road")
    failed = measure(job, road)
    assert failed.error == "KeyError: 'no-such-road'"
    assert failed.run is None
    monkeypatch.setattr(work.python, "run", None)  # a second process would fail
    assert measure(job, road) == failed


def test_other_inputs_are_measured_anew(job):
    file = job.file("no-such-road.json")
    file.write_bytes(msgspec.json.encode(Outcome(pins="of other inputs", error="old")))
    assert measure(job, unknown("no-such-road")).error == "KeyError: 'no-such-road'"


def test_a_road_over_its_time_is_given_up_and_tried_again(job, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(work, "SECONDS", 0.001)
        assert measure(job, unknown("no-such-road")).error == "given up after 0 s at convert"
    assert measure(job, unknown("no-such-road")).error == "KeyError: 'no-such-road'"


def test_a_damaged_record_is_measured_anew(job):
    job.file("no-such-road.json").write_text("{")
    assert measure(job, unknown("no-such-road")).error == "KeyError: 'no-such-road'"


def test_folders_of_other_inputs_are_removed_and_nothing_else(job, tmp_path):
    other, foreign = tmp_path / "other", tmp_path / "foreign"
    for folder, name in ((other, "job.json"), (foreign, "photo.jpg")):
        folder.mkdir()
        (folder / name).write_text("{}")
    settle(job, tmp_path)
    assert not other.exists()
    assert (foreign / "photo.jpg").exists()
    assert Job.read(tmp_path / "here") == job


def test_where_the_model_cannot_be_exported_it_says_so(job):
    with pytest.raises(EvaluationError, match=r"cannot be exported to ONNX: .*config\.json"):
        prepare(job)


def test_the_roads_have_names_of_their_own_and_the_reference_is_first():
    found = roads()
    assert next(iter(found)) == "torch-fp32"
    assert [road.name for road in found.values()] == list(found)
    assert len({road.title for road in found.values()}) == len(found)
