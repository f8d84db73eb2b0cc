"""A language that the app does not have needs a catalogue, and nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta

import frappe
import pytest
from babel.messages.catalog import Catalog
from frappe import _

from beesender_support.policy.notices.kinds import kind_of
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.records.sold import catalogue
from beesender_support.screens.desk.notice_preview import Placeholder
from beesender_support.screens.portal import plan_page
from beesender_support.tests.site.catalogues import forget, in_use, template
from beesender_support.tests.site.factories import make_client, session_of
from beesender_support.wording import notice_texts
from beesender_support.wording.language import speaking
from beesender_support.wording.renderer import (
    channel_name,
    in_words,
    reader,
    tier_title,
)

# Frappe and Babel know it; no app of the bench has a catalogue in it.
ICELANDIC = "is"
WORDS = {
    "Incident": "Bilun",
    "Consultation": "Ráðgjöf",
    "e-mail": "tölvupóstur",
    "{0} h {1} min": "{0} klst. {1} mín.",
    "{category} allows {allowed}, so {asked} became {settled}.": (
        "{category} leyfir {allowed}, þess vegna varð {asked} að {settled}."
    ),
}


@pytest.fixture
def _icelandic(site) -> Iterator[None]:
    made = Catalog(locale=ICELANDIC, charset="utf-8")
    for message in template():
        if message.id in WORDS:
            made.add(message.id, WORDS[message.id], context=message.context)
    assert len(list(made)) > len(
        WORDS
    ), "the template has texts that are asked for here"
    with in_use(ICELANDIC, made):
        yield


pytestmark = pytest.mark.usefixtures("_icelandic")


def test_the_policy_s_sentences_are_said_in_it():
    consultation = catalogue.category_for("Consultation")
    correction = settle_priority(consultation, "P1").correction
    assert in_words(correction, language=ICELANDIC) == (
        "Ráðgjöf leyfir P3, P4, þess vegna varð P1 að P3."
    )


def test_dates_and_lengths_are_written_as_its_readers_write_them():
    somebody = reader(ICELANDIC)
    assert somebody.long_date(date(2026, 11, 23)) == "23. nóvember 2026"
    assert somebody.support_time(timedelta(minutes=210)) == "3 klst. 30 mín."
    assert somebody.number(1.5) == "1,5"


def test_what_is_not_translated_is_said_in_english():
    with speaking(ICELANDIC):
        assert _("Authorized contacts") == "Authorized contacts"


def test_shipped_names_are_of_the_catalogue_and_a_site_s_own_of_its_translations():
    frappe.get_doc(
        doctype="Beesender Channel",
        __newname="mattermost",
        title="Our chat",
        answers=1,
    ).insert()
    for source, translated in (("Our chat", "Spjallið"), ("Basic", "Grunnur")):
        frappe.get_doc(
            doctype="Translation",
            language=ICELANDIC,
            source_text=source,
            translated_text=translated,
        ).insert()
    forget(ICELANDIC)
    with speaking(ICELANDIC):
        assert channel_name("email") == "tölvupóstur"
        assert channel_name("mattermost") == "Spjallið"
        assert tier_title("Basic") == "Grunnur"
    forget(ICELANDIC)


def test_a_client_reads_the_plan_page_in_it():
    client = make_client()
    with session_of(client.email), speaking(ICELANDIC):
        page = plan_page.page_for(client.email, None, None)
        assert "tölvupóstur" in page["asked_by"]


def test_a_notice_is_sent_in_the_site_s_language_until_there_is_a_text_in_it():
    frappe.db.set_single_value("System Settings", "language", "ru")
    frappe.db.delete("Beesender Notice Text", {"parent": "seat_given"})
    frappe.clear_document_cache("Beesender Notice", "seat_given")
    variables = kind_of("seat_given").variables
    values = {each: Placeholder(f"[{each}]") for each in variables}
    shipped = notice_texts.preview("seat_given", "ru", values)
    assert notice_texts.preview("seat_given", ICELANDIC, values) == shipped

    template = frappe.get_doc(
        doctype="Email Template",
        name="Seat given, in Icelandic",
        subject="Sæti",
        response="Þú ert með sæti.",
    ).insert()
    notice = frappe.get_doc("Beesender Notice", "seat_given")
    notice.append("texts", {"language": ICELANDIC, "email_template": template.name})
    notice.save()
    text = notice_texts.preview("seat_given", ICELANDIC, values)
    assert text.subject == "Sæti"
