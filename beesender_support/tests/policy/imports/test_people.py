"""Customers and contacts are found by what rows say of them."""

import pytest

from beesender_support.policy.imports.doubts import NotListed, SeveralNamed
from beesender_support.policy.imports.people import People, Person

ANNA = Person("anna@acme.example", "Anna", "Acme")
OTHER_ANNA = Person("anna@borealis.example", "anna", "Borealis")


@pytest.fixture
def people():
    people = People(lists_customers=True)
    people.add_customer("Acme", "A-1")
    people.add_customer("Borealis")
    people.add_person(ANNA, "7")
    people.add_person(OTHER_ANNA)
    return people


@pytest.mark.parametrize("said", ["acme", "ACME ", "A-1"])
def test_a_customer_by_name_or_id(people, said):
    assert people.customer("customer", said) == "Acme"


def test_a_customer_who_is_not_listed(people):
    with pytest.raises(NotListed):
        people.customer("customer", "Cobalt")


def test_without_a_list_every_name_is_a_customer():
    people = People(lists_customers=False)
    assert people.customer("customer", "Cobalt") == "Cobalt"
    assert people.customer("customer", "COBALT") == "Cobalt"


def test_an_address_need_not_be_listed(people):
    assert people.person("contact", ["ANNA@acme.example"], None) == ANNA
    found = people.person("contact", ["", "new@acme.example"], "Acme")
    assert found == Person("new@acme.example", "", "Acme")


def test_a_contact_by_id(people):
    assert people.person("contact", ["7", "Somebody"], None) == ANNA


def test_a_name_is_that_of_the_customer_first(people):
    assert people.person("contact", ["Anna"], "Acme") == ANNA
    assert people.person("contact", ["Anna"], "Borealis") == OTHER_ANNA
    with pytest.raises(SeveralNamed):
        people.person("contact", ["Anna"], None)


def test_a_name_of_nobody(people):
    with pytest.raises(NotListed, match="Boris"):
        people.person("contact", ["99", "Boris"], "Acme")


def test_all_contacts_of_a_customer(people):
    assert people.of("Acme") == (ANNA,)
