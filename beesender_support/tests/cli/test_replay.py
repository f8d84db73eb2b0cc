"""``replay``: what it says of files, against ``triage`` by each of them, and its page."""

import json
import re
from html.parser import HTMLParser
from importlib import resources

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from beesender_support.cli.languages import LANGUAGES, reader_of
from beesender_support.policy.replay.summary import FIGURES
from beesender_support.tests.cli.command import NOW, PLAN, TICKET, run, write_rows

# Basic, GMT+3, P1: due on Monday at 12:30. Premium, around the clock: on Friday at 18:30.
ON_MONDAY = {"first_responded_at": "2026-11-23T12:00:00+03:00"}
AT_ONCE = {"first_responded_at": "2026-11-20T17:40:00+03:00"}
STRANGER = {"contact": "nobody@acme.example.com"}
NEW_COLLEAGUE = {"contact": "clara@acme.example.com"}


@pytest.fixture
def drafting(desk):
    """The usual plan, and Premium with one more seat against it."""
    desk.other = desk.folder / "other.csv"
    seats = f"{PLAN['authorized_contacts']};{NEW_COLLEAGUE['contact']}"
    put_other(desk, tier="Premium", authorized_contacts=seats)
    changes = (
        ON_MONDAY,
        AT_ONCE,
        STRANGER,
        {**NEW_COLLEAGUE, **ON_MONDAY},
        {"customer": "Zephyr Airlines"},
    )
    desk.put_tickets(
        *({"ticket": f"HD-{number}", **each} for number, each in enumerate(changes))
    )
    return desk


def put_other(desk, **changes):
    write_rows(desk.other, [{**PLAN, **changes}])


def replay(desk, *options):
    files = (desk.tickets, "--plans", desk.plans, "--against", desk.other)
    return run("replay", *files, "--now", NOW, *options)


def lines(desk, *options) -> list[dict]:
    result = replay(desk, "--format", "json", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_last_object_has_the_totals_and_nothing_else(drafting):
    *groups, total = lines(drafting)
    assert tuple(total) == FIGURES
    assert total == {
        "tickets": 5,
        "breached_before": 0,
        "breached_after": 2,
        "breaches_gained": 2,
        "breaches_lost": 0,
        "held_before": 2,
        "held_after": 1,
    }
    by = {}
    for each in groups:
        by.setdefault(each["by"], []).append(each)
    assert [each["name"] for each in by["tier"]] == ["", "Basic"]
    assert [each["name"] for each in by["customer"]] == ["", "Acme Telecom"]
    for group in ("tier", "priority", "customer"):
        for figure in FIGURES:
            assert sum(each[figure] for each in by[group]) == total[figure]
    assert sum(each["requests"] for each in by["hour_of_week"]) == 5


def test_it_counts_what_triage_decides_by_each_file(drafting):
    total = lines(drafting)[-1]
    for side, plans in (("before", drafting.plans), ("after", drafting.other)):
        decided = run(
            *("triage", drafting.tickets, "--plans", plans, "--now", NOW),
            *("--format", "json"),
        )
        records = list(map(json.loads, decided.stdout.splitlines()))
        states = [each["response_state"] for each in records]
        verdicts = [each["verdict"] for each in records]
        assert states.count("breached") == total[f"breached_{side}"]
        assert verdicts.count("held") == total[f"held_{side}"]


def test_the_same_plans_change_nothing(drafting):
    drafting.other.write_bytes(drafting.plans.read_bytes())
    total = lines(drafting)[-1]
    assert total["breaches_gained"] == total["breaches_lost"] == 0
    assert total["held_before"] == total["held_after"]


def test_a_broken_solution_breaks_the_ticket_too(drafting):
    put_other(drafting, solution_hours="P1=1")
    solved = {**AT_ONCE, "resolved_at": "2026-11-23T12:00:00+03:00"}
    drafting.put_tickets(solved)
    *groups, total = lines(drafting)
    assert (total["breached_before"], total["breached_after"]) == (0, 1)
    targets = {each["name"]: each for each in groups if each["by"] == "target"}
    assert targets["solution"]["after"] == {"met": 0, "breached": 1, "open": 0}
    assert targets["first_answer"]["after"]["met"] == 1


def test_an_open_ticket_is_judged_at_the_stated_instant(drafting):
    drafting.put_tickets({})
    early = ("--now", "2026-11-20T17:31:00+03:00")
    assert lines(drafting)[-1]["breached_after"] == 1
    assert lines(drafting, *early)[-1]["breached_after"] == 0


def test_hours_of_the_week_are_those_of_the_zone(drafting):
    drafting.put_tickets({})

    def hour(*options):
        return [
            each["name"] for each in lines(drafting, *options) if "requests" in each
        ]

    assert hour() == [4 * 24 + 14]
    assert hour("--time-zone", "GMT+3") == [4 * 24 + 17]


def test_customers_without_a_plan_may_be_held(drafting):
    assert lines(drafting, "--hold-unplanned")[-1]["held_after"] == 2


def test_the_table_starts_with_all(drafting):
    headings, total, *groups = replay(drafting).stdout.splitlines()
    assert headings.split()[:2] == ["TICKETS", "COMPLIANCE"]
    assert total.split()[:2] == ["All", "5"]
    assert any(line.startswith("customer Acme Telecom") for line in groups)


@pytest.mark.parametrize("side", ["plans", "other"])
def test_a_fault_of_any_file_stops_all(drafting, side):
    write_rows(getattr(drafting, side), [{**PLAN, "tier": "Gold"}])
    page = drafting.folder / "page.html"
    result = replay(drafting, "--html", page)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{side}.csv, row 2: tier" in result.stderr
    assert not page.exists()


def test_a_fault_of_a_ticket_is_that_of_triage(drafting):
    drafting.put_tickets({"priority": "P9"})
    result = replay(drafting)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == drafting.triage().stderr
    assert "priority" in result.stderr


def test_a_near_miss_is_told_once(drafting):
    drafting.put_tickets({"customer": "Acme Telekom"})
    result = replay(drafting)
    assert result.exit_code == 0
    assert result.stderr.count("'Acme Telecom' has one") == 1


@pytest.mark.parametrize("option", ["--html", "--output"])
def test_no_input_is_overwritten(drafting, option):
    result = replay(drafting, option, drafting.other)
    assert result.exit_code == 2
    assert f"{option} {drafting.other}: is also an input" in result.stderr
    assert "Premium" in drafting.other.read_text()


def test_the_page_and_the_output_are_two_files(drafting):
    both = drafting.folder / "both"
    assert replay(drafting, "--html", both, "--output", both).exit_code == 2
    assert not both.exists()


class Page(HTMLParser):
    """The tags, attributes and texts of a page, and whether its tags close."""

    VOID = {"meta", "br", "rect"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for each, attributes in self.tags if each == tag]


@pytest.fixture
def page(drafting):
    customer = "<script>alert(1)</script> & Sons"
    write_rows(drafting.plans, [{**PLAN, "customer": customer}])
    put_other(drafting, customer=customer, tier="Business")
    drafting.put_tickets({"customer": customer, **ON_MONDAY})
    path = drafting.folder / "page.html"
    assert replay(drafting, "--html", path).exit_code == 0
    return path.read_text(encoding="utf-8")


def page_in(drafting, *options):
    path = drafting.folder / "page.html"
    result = replay(drafting, "--html", path, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout, path.read_text(encoding="utf-8")


class TestRussian:
    def test_the_page_is_in_russian_and_the_output_is_for_programs(self, drafting):
        drafting.put_tickets(
            *({"ticket": f"HD-{number}", **ON_MONDAY} for number in range(1200))
        )
        said, page = page_in(drafting, "--language", "ru")
        assert said.split()[:2] == ["TICKETS", "COMPLIANCE"]
        assert '<html lang="ru">' in page
        assert "<dt>Планы по черновику</dt><dd>other.csv</dd>" in page
        assert "1\N{NO-BREAK SPACE}200" in page
        assert "100,0 %" in page

    def test_nothing_of_it_stays_english(self, drafting):
        words = re.compile(r">([^<>]*[A-Za-z]{3,}[^<>]*)<|aria-label=\"([^\"]*)\"")
        names = {"tickets.csv", "plans.csv", "other.csv", "Basic", "Acme Telecom"}
        page = page_in(drafting, "--language", "ru")[1].split("</style>")[1]
        found = {one or two for one, two in words.findall(page)}
        english = {each for each in found if re.search("[A-Za-z]{3,}", each)}
        assert {each for each in english if not re.search("[а-яё]", each)} == names

    def test_english_is_what_is_written_without_a_word(self, drafting):
        assert page_in(drafting) == page_in(drafting, "--language", "en")

    def test_of_others_the_command_says_which_there_are(self, drafting):
        result = replay(drafting, "--language", "tlh")
        assert result.exit_code == 2
        assert "'en', 'ru'" in result.stderr

    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_the_catalogue_is_read_as_babel_reads_it(self, language):
        reader = reader_of(language)
        path = resources.files("beesender_support").joinpath("locale", f"{language}.po")
        with path.open("rb") as file:
            messages = [each for each in read_po(file) if each.id]
        assert len(messages) > 1000
        for each in messages:
            assert reader.translate(each.id) == (each.string or each.id)
        assert reader.translate("In no catalogue") == "In no catalogue"
        locale = Locale(language)
        assert reader.decimal_point == get_decimal_symbol(locale)
        assert reader.thousands == get_group_symbol(locale)


class TestPage:
    def test_it_needs_no_network_and_runs_no_script(self, page):
        read = Page(page)
        assert not read.open
        assert not {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe"}
        assert not re.search(r"https?:|@import|url\(|\bsrc=", page)

    def test_everything_is_escaped(self, page):
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page

    def test_each_chart_is_named_and_has_its_numbers_in_a_table(self, page):
        read = Page(page)
        charts = read.all("svg")
        assert len(charts) == 4
        assert all(each["role"] == "img" and each["aria-label"] for each in charts)
        assert len(read.all("table")) == 5
        assert all(each["scope"] in ("col", "row") for each in read.all("th"))

    def test_it_is_in_a_language_and_fit_for_the_dark(self, page):
        assert '<html lang="en">' in page
        assert "prefers-color-scheme: dark" in page

    def test_it_says_what_was_replayed(self, page):
        assert "tickets.csv" in page
        assert "other.csv" in page
        assert "Open tickets stand as of 2026-11-23 12:00 UTC." in page

    def test_without_tickets_there_is_a_page_too(self, drafting):
        write_rows(drafting.tickets, [], list(TICKET))
        path = drafting.folder / "page.html"
        assert replay(drafting, "--html", path).exit_code == 0
        assert len(Page(path.read_text()).all("svg")) == 1
