"""The architecture names files that are there, and every folder has its place in it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "beesender_support"
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.(?:py|js))`", DOCUMENT)))
LAYERS = ("policy", "records", "wording", "enforcement", "screens")


@pytest.mark.parametrize("named", NAMED)
def test_every_file_it_names_is_there(named):
    assert list(PACKAGE.rglob(f"**/{named}")), named


@pytest.mark.parametrize("layer", LAYERS)
def test_every_folder_of_a_layer_stands_in_the_layout(layer):
    layout = DOCUMENT.split("```")[1]
    folders = [
        path.name
        for path in (PACKAGE / layer).iterdir()
        if path.is_dir() and path.name != "__pycache__"
    ]
    assert not [name for name in folders if f"{name}/" not in layout]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_folder_has_grown_too_full_to_look_through(layer):
    for folder in (PACKAGE / layer, *(PACKAGE / layer).rglob("*/")):
        modules = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= 12, folder
