from pathlib import Path

import pytest

from riskbot.assess import LinearModel

FOLDER = Path(__file__).parents[2] / "models" / "metrics"


@pytest.fixture(scope="session")
def model():
    return LinearModel.load(FOLDER)
