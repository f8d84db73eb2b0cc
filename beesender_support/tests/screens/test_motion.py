"""Nothing moves for those who have asked their system for less motion."""

import re
from pathlib import Path

import pytest

import beesender_support

PACKAGE = Path(beesender_support.__file__).parent
FILES = sorted(
    path
    for folder in ("public", "templates", "www")
    for path in (PACKAGE / folder).rglob("*")
    if path.suffix in {".css", ".js", ".html"}
)
MOVES = re.compile(
    r"\b(?:transition|animation)(?:-\w+)*\s*:|@keyframes|\.animate\(|scroll-behavior"
    r"|behavior:\s*[\"']smooth|[\"']smooth[\"']|<marquee|<blink"
)
ASKS = "prefers-reduced-motion"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_moves_asks_whether_it_may(path):
    text = path.read_text()
    assert not MOVES.search(text) or ASKS in text


@pytest.mark.parametrize(
    "text",
    [
        "a { transition: color 1s; }",
        "a { animation-name: spin; }",
        "html { scroll-behavior: smooth; }",
        'node.scrollIntoView({ behavior: "smooth" });',
        "node.animate([], 300);",
    ],
)
def test_motion_is_found(text):
    assert MOVES.search(text)
