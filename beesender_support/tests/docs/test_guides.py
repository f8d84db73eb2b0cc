"""The guides show what is there: every picture they name exists, and none is left over."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
    *(ROOT / name for name in ("CONTRIBUTING.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").glob("**/*.md")),
]
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)(?:#[^)\s]*)?\)")


def pictures_of(page: Path) -> list[Path]:
    return [
        (page.parent / name).resolve() for name in PICTURE.findall(page.read_text())
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_picture_and_page_that_a_page_names_exists(page):
    linked = [
        (page.parent / target).resolve()
        for target in LINK.findall(page.read_text())
        if "://" not in target and not target.startswith(("mailto:", "/"))
    ]
    assert not [target for target in pictures_of(page) + linked if not target.exists()]


def test_no_picture_is_left_that_no_page_shows():
    shown = {picture for page in PAGES for picture in pictures_of(page)}
    assert {each.resolve() for each in (ROOT / "docs/images").iterdir()} <= shown


@pytest.mark.parametrize("reader", ["clients", "agents", "admins"])
def test_every_guide_is_there_in_both_languages_with_the_same_sections(reader):
    guides = [ROOT / f"docs/{reader}{language}.md" for language in ("", ".ru")]
    english, russian = (
        [len(hashes) for hashes in re.findall(r"^(#+) ", each.read_text(), re.M)]
        for each in guides
    )
    assert english == russian
