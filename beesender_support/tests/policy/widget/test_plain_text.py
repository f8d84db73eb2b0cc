"""Messages in HTML as text with links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.widget.plain_text import (
    MOST_CHARACTERS,
    Run,
    text_with_links,
)


def text_of(html):
    return ["".join(run.text for run in runs) for runs in text_with_links(html)]


def links_in(html):
    return [run.link for runs in text_with_links(html) for run in runs if run.link]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        (
            '<p>See <a href="https://d.example">docs</a> </p><p>Then</p>',
            ["See docs", "Then"],
        ),
        (
            '<p>\n<a href="https://d.example">Docs</a>\n</p><p>Then</p>',
            ["Docs", "Then"],
        ),
        ("See https://d.example \nThen", ["See https://d.example", "Then"]),
        ("One<br>Two<br/><br>Three", ["One", "Two", "Three"]),
        ("<p> much \n  space&nbsp;here </p>", ["much space here"]),
        ("<ul><li>One</li><li><b>Two</b> more</li></ul>", ["• One", "• Two more"]),
        ("<p>1 &lt; 2 &amp; <i>3</i></p>", ["1 < 2 & 3"]),
        ("<p></p><p> </p><ul><li></li></ul>", []),
        ("plain", ["plain"]),
        ("", []),
        ('<img src="/private/files/x.png" alt="The console">', ["[The console]"]),
        ('<img src="https://tracker.example/x.png">', []),
        ("<table><tr><td>A</td><td>B</td></tr></table>", ["A", "B"]),
        ("New<blockquote><p>Old <b>text</b></p></blockquote>after", ["New", "after"]),
        ("A<blockquote>B<blockquote>C</blockquote>D</blockquote>E", ["A", "E"]),
        ("<!-- hidden --><p>Seen</p>", ["Seen"]),
        # As mail in plain text is kept.
        ("Hello,\n\n\n\nit is down.\n\n Anna", ["Hello,", "it is down.", "Anna"]),
        ("2 < 3\n\nA &amp; B", ["2 < 3", "A & B"]),
        ('<a href="https://x.de">x</a> is\ndown', ["x is", "down"]),
        (
            "<pre>one\n  two\n\nthree</pre>four\nfive",
            ["one", "two", "three", "four five"],
        ),
        ("</pre><pre>1\n2<pre>3\n4</pre>5\n6</pre>", ["1", "2", "3", "4", "5", "6"]),
        ("<abbr>one\ntwo</abbr>", ["one two"]),
    ],
)
def test_what_is_read_of_it(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<title>x</title>",
        "<svg onload=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<template><p>no</p></template>",
    ],
)
def test_nothing_that_acts_is_left(html):
    assert text_of(f"<p>before</p>{html}<p>after</p>") == ["before", "after"]


@pytest.mark.parametrize(
    ("html", "links"),
    [
        (
            '<a href="https://example.com/a?b=1&amp;c=2">x</a>',
            ["https://example.com/a?b=1&c=2"],
        ),
        ('<a href="mailto:a@example.com">x</a>', ["mailto:a@example.com"]),
        ('<a href=" HTTPS://Example.com ">x</a>', ["HTTPS://Example.com"]),
        ('<a href="javascript:alert(1)">x</a>', []),
        ('<a href="java\nscript:alert(1)">x</a>', []),
        ('<a href="data:text/html,x">x</a>', []),
        ('<a href="//example.com">x</a>', []),
        ('<a href="/app/user">x</a>', []),
        ("<a>x</a>", []),
        ('<a href="https://a.example b">x</a>', []),
        (
            "See https://example.com/x, or (http://b.example).",
            ["https://example.com/x", "http://b.example"],
        ),
        ("https://c.example is it", ["https://c.example"]),
        ("ftp://example.com", []),
    ],
)
def test_links_lead_to_pages_and_mailboxes_only(html, links):
    assert links_in(html) == links


def test_a_link_ends_where_it_ends():
    assert text_with_links('<p>a <a href="https://x.de"><b>b</b> c</a> d</p>') == [
        [Run("a "), Run("b c", "https://x.de"), Run(" d")]
    ]


def test_a_very_long_message_is_cut():
    line = "<p>" + "x" * 1000 + "</p>"
    text = text_of(line * 50)
    assert len(text) == MOST_CHARACTERS // 1000 + 1
    assert text[-1] == "…"


def test_of_a_very_long_line_the_beginning_is_shown():
    assert text_of("x" * (MOST_CHARACTERS + 1)) == ["x" * MOST_CHARACTERS + "…"]
    link = '<a href="https://x.de">' + "y" * MOST_CHARACTERS + "</a> z"
    [[before, cut, more]] = text_with_links(f"<p>ab {link}</p>")
    assert (before, more) == (Run("ab "), Run("…"))
    assert cut == Run("y" * (MOST_CHARACTERS - 3), "https://x.de")
    text = text_of("<p>" + "x" * (MOST_CHARACTERS - 1) + "</p><p>yz</p>")
    assert text[-1] == "y…"


@given(st.text(alphabet="<>/abrcliq \"'=&;:!-hp", max_size=200))
def test_whatever_is_sent_is_read(html):
    for runs in text_with_links(html):
        assert runs
        for run in runs:
            assert run.link is None or run.link.startswith(("http", "mailto:"))
