"""What a machine wrote, and what of it is only an answer."""

import pytest

from beesender_support.policy.mail.machines import (
    ANSWERED,
    GENERATED,
    WRITTEN,
    kind_of_mail,
)

OUT_OF_OFFICE = ("Subject", "Out of office: back on Monday")


def kind(*fields, answers_us=False):
    return kind_of_mail(fields, answers_us=answers_us)


@pytest.mark.parametrize(
    "fields",
    [
        [("Auto-Submitted", "auto-replied")],
        [("auto-submitted", " Auto-Replied (vacation)")],
        [("Auto-Submitted", "auto-replied; owner-email=a@b.example")],
        [
            (
                "Content-Type",
                'multipart/report; report-type=delivery-status; boundary="b"',
            )
        ],
        [("Content-Type", "Multipart/Report; report-type=disposition-notification")],
        [("Return-Path", "<>")],
        [("Precedence", "auto_reply")],
        [("Precedence", "bulk"), ("X-Autoreply", "yes")],
        [("X-Autorespond", "No chats")],
        [("X-Failed-Recipients", "anna@acme.example")],
        [("X-Auto-Response-Suppress", "All"), OUT_OF_OFFICE],
        [
            ("Auto-Submitted", "auto-generated"),
            ("Subject", "Automatic reply: No chats"),
        ],
        [("Precedence", "bulk"), ("Subject", "Re: Автоответ: Нет чатов")],
        [("Precedence", "junk"), ("Subject", "Réponse automatique : chats")],
        [("Auto-Submitted", "auto-notified"), ("Subject", "Abwesenheitsnotiz: Chats")],
    ],
    ids=str,
)
def test_an_answer_of_a_machine_asks_for_nothing(fields):
    assert kind(*fields) == ANSWERED


@pytest.mark.parametrize(
    "fields",
    [
        [("Auto-Submitted", "auto-generated")],
        [("Auto-Submitted", "auto-generated"), ("Subject", "Absence of a heartbeat")],
        [("Auto-Submitted", "auto-generated"), ("In-Reply-To", "<own@monitor>")],
        [("Precedence", "bulk")],
        [("List-Id", "<support.acme.example>")],
        [("X-Auto-Response-Suppress", "All")],
    ],
    ids=str,
)
def test_a_program_may_ask(fields):
    assert kind(*fields) == GENERATED


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (("Auto-Submitted", "auto-generated"), ANSWERED),
        (("X-Auto-Response-Suppress", "All"), GENERATED),
        (("Precedence", "list"), GENERATED),
        (("Auto-Submitted", "no"), WRITTEN),
    ],
    ids=str,
)
def test_what_a_program_sends_in_answer_to_us_is_an_answer(field, expected):
    assert kind(field, answers_us=True) == expected


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [OUT_OF_OFFICE],
        [("Subject", "Automatic reply: does not work")],
        [("Auto-Submitted", "no")],
        [("X-Autoreply", "no")],
        [("Return-Path", "<anna@acme.example>")],
        [("Precedence", "first-class")],
        [("Content-Type", "multipart/mixed; boundary=report")],
        [("In-Reply-To", "<mail@support>")],
    ],
    ids=str,
)
def test_what_people_write_is_no_machine_s(fields):
    assert kind(*fields) == WRITTEN
