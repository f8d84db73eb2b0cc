"""docs/intake-api.md does what it says, over HTTP and also when many ask at once."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import frappe
import pytest

import beesender_support
from beesender_support.tests.browser import records
from beesender_support.tests.browser.records import OF_PROGRAMS

DOCUMENT = Path(beesender_support.__file__).parents[1] / "docs/intake-api.md"
AT_ONCE = 8


@pytest.fixture
def ask(address: str, key: str):
    """``ask(method, **payload)``: status and body of the answer."""

    def send(method: str, body: bytes | None = None, **payload: object):
        request = urllib.request.Request(  # noqa: S310 - of this machine
            f"{on_this_machine(address)}/api/method/beesender_support.api.intake.{method}",
            data=json.dumps(payload).encode() if body is None else body,
            headers={
                "Host": host_of(address),
                "Authorization": f"token {key}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            is_json = error.headers["Content-Type"].startswith("application/json")
            return error.code, json.loads(text) if is_json else text

    return send


def on_this_machine(address: str) -> str:
    return re.sub(r"//[^:]+:", "//127.0.0.1:", address)


def host_of(address: str) -> str:
    return address.removeprefix("http://")


def registration(**overrides: object) -> dict:
    return {
        "channel": "chatbot",
        "external_id": "one",
        "contact_email": records.JANE,
        "subject": "No chats",
        "description": "Steps",
        **overrides,
    }


def at_once(action, arguments) -> list:
    """What ``action`` answers to each, all of them started together."""
    barrier = Barrier(len(arguments))

    def wait_and_act(argument):
        barrier.wait()
        return action(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(wait_and_act, arguments))


def messages_of(ticket: str) -> list[str]:
    frappe.db.rollback()
    of_ticket = {"reference_doctype": "HD Ticket", "reference_name": ticket}
    return frappe.get_all("Communication", of_ticket, pluck="content")


# The document


def examples() -> list[tuple[str, dict]]:
    blocks = re.findall(r"```(sh|json)\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    commands = [text for kind, text in blocks if kind == "sh"]
    answers = [json.loads(text) for kind, text in blocks if kind == "json"]
    assert len(commands) == len(answers) >= 4
    return list(zip(commands, answers, strict=True))


def run(command: str, address: str, key: str, home: Path) -> dict:
    """The answer to a documented command, with this site and key in it."""
    (home / ".curlrc").write_text(f'resolve = "{host_of(address)}:127.0.0.1"\n')
    command = command.replace("https://support.example.com", address)
    output = subprocess.run(
        ["/bin/bash", "-c", command.replace("API_KEY:API_SECRET", key)],
        env={**os.environ, "CURL_HOME": str(home)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return json.loads(output)


def test_the_documented_commands_get_the_documented_answers(
    address: str, key: str, tmp_path: Path
):
    for command, documented in examples():
        answer = run(command, address, key, tmp_path)
        assert set(answer) == set(documented)
        assert answer.get("errors") == documented.get("errors")
        assert lines_of(answer) == lines_of(documented)


def lines_of(answer: dict) -> list[str]:
    said = answer.get("message", {}).items()
    return [f"{name}: {without_day(value)}" for name, value in said]


def without_day(value: object) -> object:
    """Without what depends on the number of the ticket and the time of the day."""
    if not isinstance(value, str):
        return value
    day = r"([A-Z][a-z]{2} )?\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?"
    return re.sub(r"\b\d{4,}\b", "NUMBER", re.sub(day, "DAY", value))


def dialogues() -> list[list[tuple[str, str]]]:
    """What is said in each conversation, and what is answered."""
    blocks = re.findall(r"```text\n(> .*?)```", DOCUMENT.read_text(), re.DOTALL)
    turns = [re.split(r"^> ?(.*)\n", each, flags=re.MULTILINE)[1:] for each in blocks]
    assert len(turns) == 2
    return [
        list(zip(each[::2], map(str.strip, each[1::2]), strict=True)) for each in turns
    ]


@pytest.mark.parametrize(("language", "place"), [("en", 0), ("ru", 1)])
def test_the_documented_conversations_go_as_documented(ask, language, place):
    documented, led = dialogues()[place], []
    for number, (said, _text) in enumerate(documented):
        status, body = ask("converse", **message(number, said, language=language))
        assert status == 200, body
        led.append((said, body["message"]["text"]))
    assert [(said, without_day(text)) for said, text in led] == [
        (said, without_day(text)) for said, text in documented
    ]


def message(number: int, answer: str, **overrides: object) -> dict:
    return {
        "external_id": "chat",
        "message_id": str(number),
        "channel": "chatbot",
        "contact_email": records.JANE,
        "answer": answer,
        **overrides,
    }


# Many at once


def test_one_external_id_sent_many_times_at_once_is_one_ticket(ask):
    answers = at_once(lambda _: ask("register", **registration()), range(AT_ONCE))
    assert [status for status, body in answers] == [200] * AT_ONCE
    said = [body["message"] for status, body in answers]
    assert len({each["ticket"] for each in said}) == 1
    assert sum(each["created"] for each in said) == 1
    assert len({each["response_due"] for each in said}) == 1
    assert len(messages_of(said[0]["ticket"])) == 1


def test_messages_sent_at_once_are_each_added_once(ask):
    ticket = ask("register", **registration())[1]["message"]["ticket"]
    ids = [str(number // 2) for number in range(AT_ONCE)]
    answers = at_once(
        lambda name: ask("append", external_id="one", message_id=name, text=name), ids
    )
    assert [status for status, body in answers] == [200] * AT_ONCE
    assert sum(body["message"]["created"] for _, body in answers) == AT_ONCE // 2
    assert sorted(messages_of(ticket))[:4] == [f"<p>{n}</p>" for n in range(4)]
    assert len(messages_of(ticket)) == 1 + AT_ONCE // 2


def test_a_conversation_that_begins_many_times_at_once_is_one(ask):
    answers = at_once(lambda _: ask("converse", **message(1, "")), range(AT_ONCE))
    assert [status for status, body in answers] == [200] * AT_ONCE
    assert {body["message"]["step"] for status, body in answers} == {"category"}
    frappe.db.rollback()
    assert frappe.db.count("Beesender Conversation", OF_PROGRAMS) == 1


def test_an_answer_said_many_times_at_once_is_one_step_and_one_request(ask):
    for number, answer in enumerate(("", "Incident", "P1", "No chats", "Steps")):
        ask("converse", **message(number, answer))
    same = at_once(lambda _: ask("converse", **message(5, "go_on")), range(AT_ONCE))
    assert [status for status, body in same] == [200] * AT_ONCE
    assert all(each == same[0] for each in same)
    said = same[0][1]["message"]
    while said["step"] != "confirm":
        number += 1
        said = ask("converse", **message(number + 5, "go_on"))[1]["message"]
    sent = at_once(lambda _: ask("converse", **message(99, "send")), range(AT_ONCE))
    assert [status for status, body in sent] == [200] * AT_ONCE
    assert all(each == sent[0] for each in sent)
    ticket = sent[0][1]["message"]["request"]["ticket"]
    assert len(messages_of(ticket)) == 1


def test_different_answers_at_once_lose_none_of_them(ask):
    for number, answer in enumerate(("", "Incident", "P1", "No chats")):
        ask("converse", **message(number, answer))
    written = [f"Answer {number}" for number in range(5)]
    at_once(lambda text: ask("converse", **message(0, text, message_id=text)), written)
    said = ask("converse", **message(9, "nothing"))[1]["message"]
    assert said["step"] == "files"
    for number in (10, 11):
        said = ask("converse", **message(number, "go_on"))[1]["message"]
    kept = {each["value"] for each in said["summary"]}
    assert kept >= set(written)


# What is refused, as HTTP has it


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 417),
        (b'"text"', 417),
        (b"[1]", 422),
        (b"\xff\xfe", 417),
        (b"{}", 422),
        (b'{"return": 1, "payload": {}}', 422),
        (b'{"subject": "\\ud800"}', 417),
        (b"{" + b'"a":{' * 2_000 + b"}" * 2_001, 417),
    ],
)
def test_whatever_is_sent_it_is_a_client_error_without_a_traceback(ask, body, status):
    answered, said = ask("register", body=body)
    assert answered == status
    assert "Traceback" not in str(said)
    if status == 422:
        assert {"field", "rule", "message"} == set(said["errors"][0])


def test_a_stranger_stays_outside(address: str, ask, key: str):
    for authorization, status in (("", 403), ("token a:b", 401)):
        request = urllib.request.Request(  # noqa: S310 - of this machine
            f"{on_this_machine(address)}"
            "/api/method/beesender_support.api.intake.status?external_id=one",
            headers={"Host": host_of(address), "Authorization": authorization},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=60)  # noqa: S310
        assert refused.value.code == status
    assert ask("status", external_id="one")[0] == 403  # POST asks nothing
