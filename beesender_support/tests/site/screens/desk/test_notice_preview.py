"""An admin sees the texts of a notice as its readers do, before anybody reads them."""

import frappe
import pytest

from beesender_support.api import desk
from beesender_support.policy.notices.kinds import KINDS
from beesender_support.tests.site.factories import make_agent, session_of


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_shipped_text_can_be_previewed_in_both_languages(kind):
    shown = desk.notice_preview(kind.code)
    assert [each["name"] for each in shown["variables"]] == list(kind.variables)
    assert [each["language"] for each in shown["previews"]] == ["en", "ru"]
    for each in shown["previews"]:
        assert not each["fault"]
        assert each["subject"]
        assert each["message"]


def test_a_preview_names_what_the_variables_will_hold_in_the_readers_language():
    english, russian = desk.notice_preview("seat_ended")["previews"]
    assert "[Full name of the authorized contact]" in english["subject"]
    assert "[Полное имя авторизованного контакта]" in russian["subject"]


def test_a_broken_text_says_what_is_wrong_with_it():
    template = frappe.get_doc("Email Template", "Beesender: seat_ended (en)")
    template.subject = "{{ persom }} has left"
    template.save()
    english, russian = desk.notice_preview("seat_ended")["previews"]
    assert "'persom' is undefined" in english["fault"]
    assert not russian["fault"]


def test_only_those_who_may_read_the_kinds_see_a_preview():
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        desk.notice_preview("seat_ended")
