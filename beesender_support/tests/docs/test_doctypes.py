"""What the DocTypes of the app have in common, as their files say."""

import json
from pathlib import Path

import pytest

import beesender_support

PACKAGE = Path(beesender_support.__file__).parent
DOCTYPES = sorted(PACKAGE.glob("beesender_support/doctype/*/*.json"))
# Read only: nobody reads these in Desk. Details are opened from their ticket, and a
# conversation is its person's alone.
WITHOUT_A_ROUTE = {
    "Beesender Access Details",
    "Beesender Conversation",
    "Beesender Conversation File",
    "Beesender Widget Code",
    "Beesender Widget Session",
}


@pytest.mark.parametrize("file", DOCTYPES, ids=lambda file: file.stem)
def test_frappe_gives_it_a_route_so_that_a_bell_can_lead_there(file):
    doctype = json.loads(file.read_text())
    assert bool(doctype.get("read_only")) == (doctype["name"] in WITHOUT_A_ROUTE)
