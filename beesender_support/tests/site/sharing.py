"""Several runs share the tests of a site, each on a site of its own.

``$BEESENDER_SHARE`` is a folder that they share. Each run takes the next file that no other
has taken, so that all end together; all of them take all files, and none takes one twice.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import pytest


@pytest.hookimpl
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """As pytest's own, over what this run takes."""
    folder = os.environ.get("BEESENDER_SHARE")
    if not folder or session.config.option.collectonly or session.testsfailed:
        return None  # pytest's own
    items = taken(session.items, Path(folder))
    item = next(items, None)
    while item is not None:
        # Also of another file: what the next test does not need is torn down.
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def taken(items: list[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    for file, tests in groupby(items, lambda item: item.path):
        if takes(folder, file):
            yield from tests


def takes(folder: Path, file: Path) -> bool:
    """Whether nobody had taken it; from now on this run has."""
    try:
        (folder / quote(str(file), safe="")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
