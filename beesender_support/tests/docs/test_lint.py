"""``docs/lint.md`` lists every code of a finding, as it is said: all of them, and nothing
else."""

import re
from pathlib import Path

import pytest

from beesender_support.policy.lint.codes import CODES

PAGE = (Path(__file__).parents[3] / "docs/lint.md").read_text(encoding="utf-8")
SECTION = re.compile(
    r"^### `(?P<code>\w+)`\n\n(?P<severity>\w+): (?P<sentence>.+)\n\n"
    r"\*\*Why it matters\.\*\* (?P<why>.+)\n\n\*\*What to do\.\*\* (?P<what_to_do>.+)$",
    re.MULTILINE,
)
SECTIONS = {each["code"]: each for each in SECTION.finditer(PAGE)}


def test_every_code_is_listed_and_nothing_else():
    assert PAGE.count("\n### ") == len(SECTIONS)
    assert set(SECTIONS) == set(CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_code_is_listed_as_it_is_said(code):
    section = SECTIONS[code.code]
    assert section["severity"] == code.severity
    assert section["sentence"] == code.sentence
    assert section["what_to_do"] == code.what_to_do
    assert len(section["why"].split()) > 5
