"""Sample data show every state of a request, and reach nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from beesender_support.policy.readiness.samples import (
    CUSTOMERS,
    sample_clients,
)
from beesender_support.policy.sold.catalogue import CATALOGUE

CLIENTS = tuple(sample_clients(CATALOGUE.tiers))
REQUESTS = [each for client in CLIENTS for each in client.requests]


def test_each_tier_that_is_sold_has_a_customer_and_one_more_is_of_the_past():
    assert [each.tier for each in CLIENTS] == ["Basic", "Business", "Premium", "Basic"]
    assert [bool(each.ended) for each in CLIENTS] == [False, False, False, True]
    unsold = replace(CATALOGUE.tiers[0], no_longer_sold=True)
    assert [each.tier for each in sample_clients([unsold, CATALOGUE.tiers[1]])] == [
        "Business",
        "Business",
    ]
    assert list(sample_clients([unsold])) == []


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_there_are_no_more_customers_than_names(count):
    tier = CATALOGUE.tiers[0]
    tiers = [replace(tier, name=f"T{rank}", rank=rank) for rank in range(count)]
    clients = list(sample_clients(tiers))
    assert len(clients) == min(count, len(CUSTOMERS)) + 1
    assert len({each.customer for each in clients}) == len(clients)
    assert len({each.code for each in clients}) == len(clients)


def test_no_address_is_one_that_mail_is_delivered_to():
    for client in CLIENTS:
        for address in (client.seated_address, client.colleague_address):
            assert address.endswith(".invalid")


def test_requests_are_open_answered_closed_and_of_somebody_without_a_seat():
    assert any(each.answered_after is None for each in REQUESTS)
    assert any(each.answered_after and not each.closed_after for each in REQUESTS)
    assert any(each.closed_after for each in REQUESTS)
    assert any(each.is_of_colleague for each in REQUESTS)


def test_what_is_said_of_a_request_is_in_order_in_the_time_of_its_plan():
    for client in CLIENTS:
        for each in client.requests:
            assert timedelta() < each.age < client.began
            answered = each.answered_after or timedelta()
            assert answered <= (each.closed_after or each.age) <= each.age


def test_each_category_and_priority_is_one_that_new_sites_have():
    for each in REQUESTS:
        rules = CATALOGUE.category(each.category).priority_rules
        assert each.priority in [rule.priority for rule in rules]
