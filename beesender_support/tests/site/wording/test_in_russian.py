"""What the policy says reaches whoever reads Russian in Russian, wherever it is said."""

import json
import re

import frappe
import pytest

from beesender_support.api import intake
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.records.sold import catalogue
from beesender_support.screens.ticket import panel
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_channel_user,
    make_client,
    make_contact,
    make_ticket,
    session_of,
)
from beesender_support.wording.language import speaking
from beesender_support.wording.renderer import in_words

# Chats cannot be taken at a whole second: Helpdesk compares stamps as texts.
FRIDAY_1730 = "2026-11-20T17:30:00.000001+03:00"
CORRECTED = "«Консультация» допускает P3, P4, поэтому вместо P1 установлен P3."


@pytest.fixture
def client():
    return make_client()


def plain(text: str) -> str:
    """With plain spaces instead of those at which no line is to be broken."""
    return re.sub(r"\s", " ", text)


def registered_by_chatbot(client, **message) -> dict:
    with clock_at(FRIDAY_1730), session_of(make_channel_user()):
        frappe.local.form_dict = frappe._dict(
            {
                "channel": "chatbot",
                "external_id": "chat-1",
                "contact_email": client.email,
                "subject": "Нет чатов",
                "description": "Откройте консоль.",
                "language": "ru",
                **message,
            }
        )
        return intake.register()


def history_of(ticket) -> list[str]:
    return frappe.get_all("HD Ticket Activity", {"ticket": ticket}, pluck="action")


def test_a_chat_answer(client):
    answer = registered_by_chatbot(client, category="Consultation", priority="P1")
    assert plain(answer["explanation"]) == (
        f"{CORRECTED} Тариф Basic: ответ на P3 в течение 8 ч времени поддержки"
        " (пн-пт 09:00-18:00, GMT+3), до пн, 23 нояб. 2026 г., 16:30."
    )
    assert plain(answer["sentence"]) == (
        f"Обращение {answer['ticket']} зарегистрировано. Поддержка ответит не позднее"
        " пн, 23 нояб. 2026 г., 16:30 (GMT+3)."
    )


def test_a_chat_answer_that_promises_nothing(client):
    answer = registered_by_chatbot(client, category="Paid enhancement request")
    assert answer["explanation"] == (
        "Для категории «Запрос на платную доработку» срок ответа не обещан."
    )


def test_the_history_of_a_ticket(client):
    with speaking("ru"):
        ticket = make_ticket(
            client, ticket_type="Consultation", beesender_priority="P1"
        )
    assert CORRECTED in history_of(ticket.name)


def test_the_history_of_a_ticket_that_becomes_another_kind_of_request(client):
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
    with speaking("ru"), session_of(make_agent()):
        ticket.ticket_type = "Consultation"
        ticket.save()
    assert CORRECTED in history_of(ticket.name)


def test_why_a_channel_is_no_way_to_answer(client):
    ticket = make_ticket(client)
    with speaking("ru"):
        assert panel.answer_channel(ticket, "phone")["refusal"] == (
            "В тариф Basic ответы через телефон не входят. Входят: портал, электронная"
            " почта. Руководитель агентов может разрешить это для одного обращения,"
            " указав причину."
        )


def test_why_a_request_is_held_names_people_by_their_names(client):
    email = "without.seat@example.com"
    contact = make_contact(client.customer, email)
    name = "Вера Ивановна"
    frappe.db.set_value("Contact", contact, "full_name", name)
    answer = registered_by_chatbot(client, contact_email=email)
    assert (answer["verdict"], answer["reason"]) == ("held", "contact_not_authorized")
    assert answer["sentence"].endswith(
        f"{name} не входит в число авторизованных контактов клиента {client.customer}."
        " Обратиться может авторизованный контакт, или ваш менеджер может добавить"
        " место."
    )


def test_why_terms_cannot_be_read(client):
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
    terms = {**json.loads(ticket.beesender_terms), "format": 99}
    ticket.db_set("beesender_terms", json.dumps(terms))
    with speaking("ru"):
        promise = panel.panel(ticket.reload())["promise"]
    assert promise["sentence"].startswith(
        "Обещанное по этому обращению нельзя пересчитать: условия формата 99 неизвестны."
    )


def test_a_sentence_can_be_meant_for_somebody_who_is_not_at_the_screen():
    consultation = catalogue.category_for("Consultation")
    correction = settle_priority(consultation, "P1").correction
    assert in_words(correction, language="ru") == CORRECTED
    assert in_words(correction) == "Consultation allows P3, P4, so P1 became P3."
