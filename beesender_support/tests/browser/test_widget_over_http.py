"""What a browser on a foreign page may read, asked over real HTTP."""

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import frappe
import pytest
from bs4 import BeautifulSoup
from frappe.utils.password import decrypt

from beesender_support.policy.widget.codes import DIGITS, MOST_TRIES
from beesender_support.tests.browser.records import JANE
from beesender_support.tests.browser.test_widget import code_for, pages  # noqa: F401
from beesender_support.wording.description import UNSEEN

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

    send.widget = pages.widget
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


def test_many_who_guess_at_once_have_no_more_tries_than_one(ask):
    named = {"email": JANE}
    # What is sent as JSON is all that a method is given.
    widget = ask.widget
    sent = json.dumps({**named, "widget": widget})
    assert ask("POST", "send_code", body=sent).status == 200
    right = code_for(JANE)
    wrong = f"{(int(right) + 1) % 10**DIGITS:0{DIGITS}}"
    guess = json.dumps({**named, "widget": widget, "secret": wrong})
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: ask("POST", "sign_in", body=guess), range(24))
        )
    assert {each.status for each in answers} == {200}
    assert {json.loads(each.text)["message"]["session"] for each in answers} == {None}
    frappe.db.rollback()
    assert frappe.get_all("Beesender Widget Code", pluck="tries") == [MOST_TRIES]
    last = json.dumps({**named, "widget": widget, "secret": right})
    late = ask("POST", "sign_in", body=last)
    assert json.loads(late.text)["message"] == {"session": None}


def test_what_a_guest_writes_is_text_and_arrives_unchanged(ask):
    def post(endpoint: str, **sent: str) -> dict:
        body = json.dumps({"widget": ask.widget, **sent})
        answer = ask("POST", endpoint, body=body, **session)
        assert answer.status == 200, answer.text
        return json.loads(answer.text).get("message")

    session: dict[str, str] = {}
    post("send_code", email=JANE)
    token = post("sign_in", email=JANE, secret=code_for(JANE))["session"]
    session["X_Beesender_Session"] = token
    written = "Error in <module>: a && b < c <img src=x onerror=alert(1)> &lt;"
    details = "root / <p>a&b<module>&amp;"
    ticket = post(
        "register",
        external_id=frappe.generate_hash(),
        subject="Error in <module> & more",
        description=written,
        secret=details,
    )["ticket"]
    post("append", ticket=ticket, message_id="1", text=written)
    frappe.db.rollback()
    doc = frappe.get_doc("HD Ticket", ticket)
    assert doc.subject.replace(UNSEEN, "") == "Error in <module> & more"
    sealed = frappe.db.get_value(
        "Beesender Access Details", {"ticket": ticket}, "sealed"
    )
    assert decrypt(sealed) == details
    of_ticket = {"reference_doctype": "HD Ticket", "reference_name": ticket}
    contents = frappe.get_all("Communication", of_ticket, pluck="content")
    assert len(contents) == 2
    for content in contents:
        page = BeautifulSoup(content, "html.parser")
        # Exactly as it was written, and nothing of it lives.
        assert page.get_text() == written
        assert {tag.name for tag in page.find_all(True)} <= {"div", "p", "br"}


def test_other_endpoints_stay_closed_to_foreign_pages(address, pages):  # noqa: F811
    host, port = urlsplit(address).hostname, urlsplit(address).port
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": host, "Origin": pages.origin}
    connection.request("GET", "/api/method/ping", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert cors(answer) == {}
