"""What a browser on a foreign page may read, asked over real HTTP."""

from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import frappe
import pytest

from beesender_support.tests.browser.test_widget import pages  # noqa: F401

API = "/api/method/beesender_support.api.widget"
EVIL = "https://evil.example"


@pytest.fixture
def ask(address, pages):  # noqa: F811
    """``ask(method, endpoint, ...)`` is the answer to a call from a page."""

    def send(
        method: str,
        endpoint: str,
        origin: str | None = pages.origin,
        widget: str = pages.widget,
        body: str | None = None,
        **headers: str,
    ) -> HTTPResponse:
        host, port = urlsplit(address).hostname, urlsplit(address).port
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if origin:
            named["Origin"] = origin
        if body:
            named["Content-Type"] = "application/json"
        path = f"{API}.{endpoint}?widget={widget}"
        connection.request(method, path, body, {"Host": host, **named})
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    return send


def cors(answer: HTTPResponse) -> dict[str, str]:
    return {
        name.removeprefix("access-control-"): value
        for name, value in ((key.lower(), each) for key, each in answer.getheaders())
        if name.startswith("access-control-")
    }


def test_a_listed_page_may_read_and_no_other(ask, pages):  # noqa: F811
    answer = ask("GET", "page")
    assert answer.status == 200
    assert cors(answer)["allow-origin"] == pages.origin
    assert "allow-credentials" not in cors(answer)
    assert answer.getheader("Vary") == "Origin"
    for origin in (EVIL, "null", f"{pages.origin}.evil.example", pages.origin + "/"):
        answer = ask("GET", "page", origin=origin)
        assert answer.status == 403
        assert cors(answer) == {}
        assert answer.getheader("Vary") == "Origin"


def test_a_preflight_is_answered_for_listed_pages_alone(ask, pages):  # noqa: F811
    asked = {
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": "content-type,x-beesender-session,x-other",
    }
    answer = ask("OPTIONS", "register", **asked)
    assert answer.status == 200
    assert cors(answer) == {
        "allow-origin": pages.origin,
        "allow-methods": "GET, POST",
        "allow-headers": "Content-Type, X-Beesender-Session",
        "expose-headers": "Content-Disposition",
        "max-age": "600",
    }
    assert cors(ask("OPTIONS", "register", origin=EVIL, **asked)) == {}
    assert cors(ask("OPTIONS", "register", widget="nothing", **asked)) == {}


def test_refusals_can_be_read_by_the_page(ask, pages):  # noqa: F811
    answer = ask("GET", "last_requests")
    assert answer.status == 401
    assert cors(answer)["allow-origin"] == pages.origin
    assert "Traceback" not in answer.text
    answer = ask("POST", "send_code", body='{"email": "nobody"}')
    assert answer.status in (403, 422)


def test_nothing_is_written_by_reading(ask):
    for endpoint in ("send_code", "sign_in", "sign_out", "register", "append"):
        assert ask("GET", endpoint).status == 403
    frappe.db.rollback()
    assert not frappe.db.count("Beesender Widget Code")


def test_other_endpoints_stay_closed_to_foreign_pages(address, pages):  # noqa: F811
    host, port = urlsplit(address).hostname, urlsplit(address).port
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": host, "Origin": pages.origin}
    connection.request("GET", "/api/method/ping", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert cors(answer) == {}
