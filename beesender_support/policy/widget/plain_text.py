"""A message in HTML as text with links, the only form in which a foreign page shows it.

Nothing of the HTML remains: paragraphs are lists of runs, a run is text and the address it
leads to, if any. So there is nothing to sanitise that could be forgotten.
"""

import re
from html.parser import HTMLParser
from typing import NamedTuple

# What begins on a line of its own.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
# Of which nothing is shown. A quotation repeats what stands above already.
_SKIPPED = frozenset(["script", "style", "title", "template", "blockquote"])
# Mail in plain text is kept as it is, at most with links in it.
_HTML = re.compile(r"</?(?!a[\s>])[a-z]", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_LEADS_OUT = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
# Beyond it a message is cut; the mail has all of it.
MOST_CHARACTERS = 20_000


class Run(NamedTuple):
    """Text, and the address of a page or mailbox it leads to."""

    text: str
    link: str | None = None


Paragraphs = list[list[Run]]


def text_with_links(html: str) -> Paragraphs:
    """Paragraphs of runs; lines without text do not count. Links lead to ``http``,
    ``https`` and ``mailto`` alone. Where nothing is HTML each line is a paragraph."""
    reader = _Reader(has_lines=not _HTML.search(html))
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return _cut(reader.paragraphs)


class _Reader(HTMLParser):
    def __init__(self, has_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._has_lines = has_lines
        self._preformatted = 0
        self.paragraphs: Paragraphs = []
        self._runs: list[Run] = []
        self._link: str | None = None
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.end_paragraph()
            self._skipping.append(tag)
        if self._skipping:
            return
        given = dict(attrs)
        if tag in _BLOCKS or tag == "br":
            self.end_paragraph()
        if tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._runs.append(Run("• "))
        elif tag == "a":
            link = (given.get("href") or "").strip()
            self._link = link if _LEADS_OUT.fullmatch(link) else None
        elif tag == "img" and (alternative := (given.get("alt") or "").strip()):
            self._runs.append(Run(f"[{alternative}]"))

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            return
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag == "pre":
            self._preformatted = max(self._preformatted - 1, 0)
        elif tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        has_lines = self._has_lines or self._preformatted
        first, *others = data.split("\n") if has_lines else [data]
        self._add(first)
        for line in others:
            self.end_paragraph()
            self._add(line)

    def _add(self, line: str) -> None:
        text = re.sub(r"\s+", " ", line)
        self._runs += [Run(text, self._link)] if self._link else _linked(text)

    def end_paragraph(self) -> None:
        runs = _tidied(self._runs)
        if any(run.text.strip(" •") for run in runs):
            self.paragraphs.append(runs)
        self._runs = []


def _linked(text: str) -> list[Run]:
    """Addresses of pages in plain text become links, without what punctuates them."""
    runs, start = [], 0
    for match in _WEB.finditer(text):
        address = match.group().rstrip(".,;:!?)]}'\"»")
        runs += [Run(text[start : match.start()]), Run(address, address)]
        start = match.start() + len(address)
    return [*runs, Run(text[start:])]


def _tidied(runs: list[Run]) -> list[Run]:
    """Neighbours that lead to the same place joined, without blanks around it all."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].link == run.link:
            joined[-1] = Run(joined[-1].text + run.text, run.link)
        elif run.text:
            joined.append(run)
    for end in (0, -1):
        while joined and not joined[end].text.strip():
            del joined[end]
    if joined:
        joined[0] = joined[0]._replace(text=joined[0].text.lstrip())
        joined[-1] = joined[-1]._replace(text=joined[-1].text.rstrip())
    return joined


def _cut(paragraphs: Paragraphs) -> Paragraphs:
    left = MOST_CHARACTERS
    kept: Paragraphs = []
    for runs in paragraphs:
        length = sum(len(run.text) for run in runs)
        if length > left:
            return [*kept, [*_beginning(runs, left), Run("…")]]
        kept.append(runs)
        left -= length
    return kept


def _beginning(runs: list[Run], most: int) -> list[Run]:
    """What of a paragraph fits into so many characters."""
    kept = []
    for run in runs:
        text = run.text[:most]
        most -= len(text)
        if text:
            kept.append(run._replace(text=text))
    return kept
