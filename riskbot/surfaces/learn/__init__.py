"""``riskbot learn``: fits the risk model on histories, step by step; needs the extra ``learn``."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

_STEP = "riskbot.surfaces.learn.step"

# As in riskbot/surfaces/cli.py: a module with `add_arguments(parser)` and `run(arguments) -> int`, and a word
# about it.
ACTIONS = {
    "mine": ("riskbot.surfaces.learn.mine", "read histories: a table of changes for each repository"),
    "label": (_STEP, "find which changes brought a defect, from repairs and reverts"),
    "train": (_STEP, "fit the trees, fine-tune the encoder, blend and calibrate"),
    "quantize": (_STEP, "measure every road of quantization and take the best"),
    "evaluate": (_STEP, "measure the model beside baselines, and write its card"),
    "authorship": ("riskbot.surfaces.learn.authorship", "learn and measure a guess at authorship from style"),
    "all": (_STEP, "all of these, one after another"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
