"""A run of the evaluation on synthetic changes, fitted once: small, but with every part."""

import pytest

from learn.evaluate.make_rows import make_scored


@pytest.fixture(scope="session")
def scored():
    return make_scored()
