"""Clients whose mail is received within the test."""

import pytest

from beesender_support.tests.site.mailbox import make_client_here


@pytest.fixture
def client(account):
    return make_client_here()
