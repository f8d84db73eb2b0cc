"""Files of a command that is run, one folder a test."""

import pytest

from beesender_support.tests.cli.command import Desk


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
