"""A mapping says what differs; a header says what a file holds."""

import pytest

from beesender_support.policy.errors import InvalidValue, PolicyError, UnknownName
from beesender_support.policy.imports.dates import DateOrder
from beesender_support.policy.imports.mappings import mapping_of
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    PLANS,
    TICKETS,
)


@pytest.mark.parametrize(
    ("source", "header", "kind"),
    [
        ("creatio", ["name", "type", "web"], CUSTOMERS),
        ("creatio", ["full name", "account", "email"], CONTACTS),
        ("creatio", ["номер", "контрагент", "тариф", "дата начала"], PLANS),
        ("creatio", ["номер", "тема", "дата регистрации"], TICKETS),
        ("zendesk", ["id", "name", "domain_names"], CUSTOMERS),
        ("zendesk", ["name", "email", "organization"], CONTACTS),
        ("zendesk", ["id", "requester email", "created at"], TICKETS),
        ("jira", ["issue key", "issue id", "summary", "created"], TICKETS),
        ("jira", ["display name", "email", "organization"], CONTACTS),
    ],
)
def test_a_header_tells_what_a_file_holds(source, header, kind):
    assert mapping_of(source).layout_of(header).kind == kind


def test_a_header_of_which_most_belongs_to_a_kind_is_not_taken_for_another():
    with pytest.raises(InvalidValue, match="customer") as refusal:
        mapping_of("creatio").layout_of(["name", "number", "start date", "status"])
    assert "plans with customer" in str(refusal.value)


def test_a_header_that_could_be_two_kinds_is_neither_until_somebody_says():
    mapping = mapping_of("jira", {"columns": {"plans": {"tier": "sold"}}})
    header = ["organization", "email", "id"]
    assert mapping.layout_of(header).kind == CONTACTS
    header = ["контрагент", "email", "web"]
    mapping = mapping_of(
        "creatio", {"columns": {"customers": {"id": "email", "domain": "web"}}}
    )
    with pytest.raises(InvalidValue, match="kind before the name"):
        mapping_of("creatio", {"columns": {"customers": {"id": "email"}}}).layout_of(
            ["контрагент", "email"]
        )
    assert mapping.layout_of(header, CONTACTS).kind == CONTACTS


@pytest.mark.parametrize("kind", [None, TICKETS])
def test_a_header_of_nothing_known(kind):
    with pytest.raises(InvalidValue, match="columns"):
        mapping_of("creatio").layout_of(["a", "b"], kind)


def test_a_file_without_names_holds_nothing():
    with pytest.raises(InvalidValue, match="nothing"):
        mapping_of("creatio").layout_of([""])


def test_what_is_missing_is_named_as_a_header_might_have_it():
    with pytest.raises(InvalidValue) as refusal:
        mapping_of("zendesk").layout_of(["id", "requester email"], TICKETS)
    assert "opened_at (created at)" in str(refusal.value)
    with pytest.raises(InvalidValue, match="tier"):
        mapping_of("zendesk", {"columns": {"plans": {"customer": "x"}}}).layout_of(
            ["x"], PLANS
        )


def test_the_first_column_that_says_something_counts():
    layout = mapping_of("jira").layout_of(
        ["name", "email", "organizations", "organizations"]
    )
    assert (
        layout.cells_of(["Anna", "a@b.example", " - ", " Acme "])["customer"] == "Acme"
    )
    assert layout.cells_of(["Anna"])["email"] == ""


def test_columns_of_a_mapping_go_before_those_that_are_known():
    mapping = mapping_of(
        "zendesk", {"columns": {"tickets": {"opened_at": ["Opened", "When"]}}}
    )
    assert mapping.columns[TICKETS]["opened_at"] == ("opened", "when", "created at")
    assert {"opened", "subject"} <= mapping.column_names


def test_words_of_a_mapping_go_before_those_that_are_known():
    mapping = mapping_of(
        "jira",
        {"words": {"priority": {"Blocker": "P2"}, "category": {"*": "Incident"}}},
    )
    assert mapping.word("priority", "BLOCKER") == "P2"
    assert mapping.word("priority", "Minor") == "P4"
    assert mapping.word("category", "Whatever") == "Incident"
    assert mapping.word("category", "Question") == "Consultation"
    assert mapping.word("channel", "email") == "email"


def test_the_rest_of_a_mapping():
    mapping = mapping_of(
        "jira", {"defaults": {"time_zone": " GMT+3 "}, "dates": "month first"}
    )
    assert mapping.defaults == {"time_zone": "GMT+3"}
    assert mapping.order is DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("stored", "error"),
    [
        ([], InvalidValue),
        ({"column": {}}, UnknownName),
        ({"columns": {"people": {}}}, UnknownName),
        ({"columns": {"tickets": {"colour": "x"}}}, UnknownName),
        ({"columns": {"tickets": {"id": 7}}}, InvalidValue),
        ({"columns": {"tickets": {"id": [""]}}}, InvalidValue),
        ({"words": {"tier": "Gold"}}, InvalidValue),
        ({"words": {"tier": {"Gold": None}}}, InvalidValue),
        ({"words": {"subject": {}}}, UnknownName),
        ({"defaults": {"subject": "x"}}, UnknownName),
        ({"defaults": {"tier": ""}}, InvalidValue),
        ({"dates": "backwards"}, UnknownName),
    ],
)
def test_what_means_nothing_is_refused(stored, error):
    with pytest.raises(error) as refusal:
        mapping_of("jira", stored)
    assert isinstance(refusal.value, PolicyError)


def test_an_unknown_source():
    with pytest.raises(UnknownName, match="source"):
        mapping_of("remedy")
