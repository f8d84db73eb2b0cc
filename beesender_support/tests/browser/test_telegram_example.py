"""The example bot, as it is, between a server that speaks Telegram's Bot API and a site."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

import beesender_support
from beesender_support.tests.browser import bot_api, records
from beesender_support.tests.browser.bot_api import PERSON, TOKEN, Telegram
from beesender_support.tests.browser.test_intake_document import (
    host_of,
    messages_of,
    on_this_machine,
)

BOT = Path(beesender_support.__file__).parents[1] / "examples/telegram/bot.py"
PHONE = "79995550142"
OWN = {"phone_number": PHONE, "first_name": "Jane", "user_id": PERSON}


@pytest.fixture
def jane_by_phone(address: str) -> Iterator[None]:
    """Jane's contact has the number of her account."""
    contact = frappe.get_doc("Contact", {"email_id": records.JANE})
    contact.append("phone_nos", {"phone": f"+{PHONE}"})
    contact.save(ignore_permissions=True)
    frappe.db.commit()
    yield
    frappe.db.rollback()
    frappe.db.delete("Contact Phone", {"phone": f"+{PHONE}"})
    frappe.db.commit()


@pytest.fixture
def chat(address: str, key: str, jane_by_phone: None) -> Iterator[Telegram]:
    """A chat with the bot, which runs until the end of the test."""
    with bot_api.telegram() as (telegram, where):
        environment = {
            **os.environ,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API": where,
            "INTAKE_URL": on_this_machine(address),
            "INTAKE_HOST": host_of(address),
            "INTAKE_KEY": key,
        }
        bot = subprocess.Popen([sys.executable, str(BOT)], env=environment)
        yield telegram
        bot.terminate()
        bot.wait(timeout=30)


def keyboard(sent: dict) -> list[dict | str]:
    rows = json.loads(sent["reply_markup"]).get("keyboard", [])
    return [button for row in rows for button in row]


def labels(sent: dict) -> list[str]:
    return [each["text"] if isinstance(each, dict) else each for each in keyboard(sent)]


def say(chat: Telegram, *texts: str) -> dict:
    """What the bot sends after the last of them."""
    for text in texts:
        chat.say(text)
        sent = chat.hear()
    return sent


def say_with_file(chat: Telegram, caption: str, size: int | None = None) -> None:
    """``size`` is what Telegram says of it."""
    chat.content = b"10:15 connection lost"
    chat.say(
        caption=caption,
        document={
            "file_id": "1",
            "file_unique_id": "1",
            "file_name": "console.log",
            "file_size": size or len(chat.content),
        },
    )


def test_a_client_asks_by_telegram_and_is_promised_an_answer(chat: Telegram):
    sent = say(chat, "Operators see no chats!")
    [button] = keyboard(sent)
    assert button["request_contact"] is True

    chat.say(contact={**OWN, "user_id": PERSON + 1})
    assert "somebody else's number" in chat.hear()["text"]
    chat.say(contact={"phone_number": PHONE, "first_name": "Jane"})
    assert "somebody else's number" in chat.hear()["text"]

    chat.say(contact=OWN)
    sent = chat.hear()
    assert sent["text"].startswith("What is it about?")
    assert labels(sent)[:2] == ["Incident", "Consultation"]

    assert say(chat, "Incident")["text"].startswith("How urgent is it?")
    chat.repeat()
    assert chat.hear()["text"].startswith("How urgent is it?")
    assert say(chat, "p1")["text"].startswith("State the problem")
    sent = say(chat, "No chats", "Open the console")

    say_with_file(chat, "A list of chats")
    sent = chat.hear()
    while "Is everything right?" not in sent["text"]:
        sent = say(chat, "Go on")
    assert "Files: console.log" in sent["text"]
    assert "If you send it now, support answers by " in sent["text"]

    sent = say(chat, "Send")
    ticket = re.match(r"Request (\w+) is registered", sent["text"])[1]
    doc = frappe.get_doc("HD Ticket", ticket)
    assert (doc.raised_by, doc.beesender_admission) == (records.JANE, "Accepted")
    assert "Operators see no chats!" in messages_of(ticket)[0]
    attached = {"attached_to_doctype": "HD Ticket", "attached_to_name": ticket}
    # Frappe lengthens the name where another file has it.
    (file_name,) = frappe.get_all("File", attached, pluck="file_name")
    assert re.fullmatch(r"console\w*\.log", file_name)

    assert "is added to request" in say(chat, "In Firefox, too")["text"]
    assert len(messages_of(ticket)) == 2


def test_what_is_said_before_the_phone_is_shared_begins_the_request(chat: Telegram):
    say(chat, "/start", "Operators see no chats!")
    say_with_file(chat, "Since this morning")
    assert "Share your phone number" in chat.hear()["text"]
    say(chat, "In hall 1")
    # No more is kept than the intake takes at once.
    for caption in ("Another", "A third", "A last one"):
        say_with_file(chat, caption, size=5_000_000)
        sent = chat.hear()
    assert "then send this again" in sent["text"]
    assert keyboard(sent)[0]["request_contact"] is True
    chat.say(contact=OWN)
    assert chat.hear()["text"].startswith("What is it about?")

    say(chat, "Incident", "p1", "No chats")
    sent = say(chat, "Open the console")
    while "Is everything right?" not in sent["text"]:
        sent = say(chat, "Go on")
    assert sent["text"].count("console.log") == 3
    sent = say(chat, "Send")
    ticket = re.match(r"Request (\w+) is registered", sent["text"])[1]
    said = messages_of(ticket)[0]
    places = [
        said.index(each)
        for each in ("Operators see no chats!", "Since this morning", "In hall 1")
    ]
    assert places == sorted(places)
    assert not re.search("/start|A last one", said)


def test_no_chat_waits_for_another(chat: Telegram):
    chat.may_download.clear()
    say_with_file(chat, "This takes long")
    chat.say("And this is said meanwhile")
    other = PERSON + 1
    person = {"id": other, "is_bot": False, "first_name": "Joe", "language_code": "ru"}
    its_chat = {"id": other, "type": "private", "first_name": "Joe"}
    chat.say("Привет", **{"chat": its_chat, "from": person})
    sent = chat.hear()
    assert (sent["chat_id"], labels(sent)) == (str(other), ["Поделиться номером"])
    chat.may_download.set()
    assert {chat.hear()["chat_id"] for _each in range(2)} == {str(PERSON)}


def test_what_a_bot_cannot_take_is_said_in_the_language_of_the_person(chat: Telegram):
    chat.say("Привет", language="ru")
    assert labels(chat.hear()) == ["Поделиться номером"]
    chat.say(contact=OWN, language="ru")
    assert "1. " in chat.hear()["text"]
    chat.say(
        document={
            "file_id": "1",
            "file_unique_id": "1",
            "file_name": "film.mp4",
            "file_size": 6 * 1024 * 1024,
        },
        language="ru",
    )
    assert "5 МБ" in chat.hear()["text"]
    chat.content = b"MZ"
    chat.say(
        document={
            "file_id": "1",
            "file_unique_id": "1",
            "file_name": "virus.exe",
            "file_size": 2,
        },
        language="ru",
    )
    assert "pdf" in chat.hear()["text"]
