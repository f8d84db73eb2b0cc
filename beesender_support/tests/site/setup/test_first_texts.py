"""Articles and saved replies that a site starts with, and keeps as its owner wants them."""

import re

import frappe
import pytest
from bs4 import BeautifulSoup
from helpdesk.api.knowledge_base import get_article, get_categories
from helpdesk.api.saved_replies import get_rendered_saved_reply

from beesender_support.patches import add_workspace_and_texts
from beesender_support.setup import first_texts
from beesender_support.setup.articles import (
    ARTICLE,
    ARTICLES,
    CATEGORY,
    CATEGORY_TITLE,
    remove_articles,
)
from beesender_support.setup.install import after_install
from beesender_support.setup.saved_replies import (
    SAVED_REPLIES,
    SAVED_REPLY,
    remove_saved_replies,
)
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_ticket,
    session_of,
)

ARTICLE_TITLES = [title for _file, titles in ARTICLES for title in titles.values()]
REPLY_TITLES = [title for _file, titles in SAVED_REPLIES for title in titles.values()]


def article(title: str) -> frappe._dict:
    return frappe.get_doc(ARTICLE, {"title": title})


def text_of(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


def ours() -> dict[str, int]:
    return {doctype: frappe.db.count(doctype) for doctype in (ARTICLE, SAVED_REPLY)}


@pytest.mark.parametrize("title", ARTICLE_TITLES)
def test_anybody_reads_the_articles_in_one_category(title):
    with session_of("Guest"):
        shown = get_article(article(title).name)
    assert shown["category_name"] == CATEGORY_TITLE
    assert shown["status"] == "Published"
    assert "/support-plan" in shown["content"]


def test_the_category_is_listed_with_its_four_articles():
    counts = {each.category_name: each.article_count for each in get_categories()}
    assert counts[CATEGORY_TITLE] == 4


@pytest.mark.parametrize("title", ["What your plan includes", "Что входит в ваш план"])
def test_the_article_about_plans_repeats_no_figure_that_an_admin_can_change(title):
    figures = re.findall(r"(?<![PР])\d+", text_of(article(title).content))
    assert figures == []


def test_each_article_says_the_same_in_both_languages():
    for file, _titles in ARTICLES:
        english, russian = (
            BeautifulSoup(first_texts.text("articles", file, language), "html.parser")
            for language in ("en", "ru")
        )
        for tag in ("h2", "li", "p", "a"):
            assert len(english.find_all(tag)) == len(russian.find_all(tag)), (file, tag)


def test_passwords_are_asked_for_in_no_text():
    for title in ("How to compose a request", "Incident: steps and access needed"):
        doctype = ARTICLE if title in ARTICLE_TITLES else SAVED_REPLY
        doc = frappe.get_doc(doctype, {"title": title})
        assert "not write passwords" in text_of(doc.get("content") or doc.message)


@pytest.mark.parametrize("title", REPLY_TITLES)
def test_an_agent_gets_each_saved_reply_with_names_filled_in(title):
    client = make_client()
    ticket = make_ticket(client, subject="Chats <b>vanish</b>")
    agent = make_agent()
    with session_of(agent):
        [name] = frappe.get_list(SAVED_REPLY, {"title": title}, pluck="name")
        reply = get_rendered_saved_reply(ticket.name, name)
    first_name = frappe.db.get_value("Contact", client.contact, "first_name")
    full_name = frappe.db.get_value("User", agent, "full_name")
    assert f"{first_name}" in reply.split("</p>")[0]
    assert reply.rstrip().removesuffix("</p>").endswith(full_name)
    # Nothing is seen behind the bracket; it keeps the subject from being taken for HTML.
    assert "Chats &lt;b&gt;vanish&lt;/b&gt;" in reply.replace("\u2060", "")
    assert not re.search(r"[{}]|None", reply)


@pytest.mark.parametrize("title", REPLY_TITLES)
def test_a_saved_reply_greets_an_unknown_sender_without_a_name(title):
    ticket = make_ticket(make_client())
    ticket.db_set({"contact": None, "customer": None, "beesender_priority": None})
    reply = text_of(get_rendered_saved_reply(ticket.name, title))
    assert re.match(r"(Hello,|Здравствуйте!) ", reply)
    assert "None" not in reply


# Made once


def test_what_the_owner_edited_renamed_or_deleted_stays_so():
    edited = article("What your plan includes")
    edited.content = "<p>Ours now.</p>"
    edited.save()
    renamed = article("Как составить обращение")
    renamed.title = "Как писать нам"
    renamed.save()
    frappe.delete_doc(SAVED_REPLY, "Consultation: closing")
    before = ours()
    after_install()
    add_workspace_and_texts.execute()
    assert ours() == before
    assert article("What your plan includes").content == "<p>Ours now.</p>"
    assert not frappe.db.exists(SAVED_REPLY, "Consultation: closing")
    assert not frappe.db.exists(ARTICLE, {"title": "Как составить обращение"})


def test_a_text_of_the_same_title_that_was_there_before_is_left_alone():
    for title in REPLY_TITLES:
        frappe.delete_doc(SAVED_REPLY, title)
    frappe.db.set_single_value("Beesender Support Settings", "added_records", "[]")
    own = frappe.get_doc(
        {"doctype": SAVED_REPLY, "title": REPLY_TITLES[0], "message": "<p>Mine</p>"}
    ).insert()
    add_workspace_and_texts.execute()
    assert own.reload().message == "<p>Mine</p>"
    assert frappe.db.count(SAVED_REPLY, {"title": ("in", REPLY_TITLES)}) == len(
        REPLY_TITLES
    )
    assert own.name not in first_texts.untouched(SAVED_REPLY)


# Uninstalling


def test_uninstalling_takes_untouched_texts_and_keeps_what_people_made_of_them():
    edited = article("How to compose a request")
    edited.content += "<p>And call us.</p>"
    edited.save()
    reply = frappe.get_doc(SAVED_REPLY, "Incident: accepted")
    reply.message += "<p>Bye</p>"
    reply.save()
    remove_articles()
    remove_saved_replies()
    assert [
        title for title in ARTICLE_TITLES if frappe.db.exists(ARTICLE, {"title": title})
    ] == ["How to compose a request"]
    assert frappe.get_all(
        SAVED_REPLY, {"title": ("in", REPLY_TITLES)}, pluck="name"
    ) == ["Incident: accepted"]
    assert frappe.db.exists(CATEGORY, {"category_name": CATEGORY_TITLE})


def test_an_article_that_somebody_rated_is_kept():
    rated = article("What your plan includes")
    with session_of(make_client().email):
        rated.set_feedback(1)
    remove_articles()
    assert frappe.db.exists(ARTICLE, rated.name)


def test_the_category_goes_with_its_last_article():
    remove_articles()
    assert not frappe.db.exists(CATEGORY, {"category_name": CATEGORY_TITLE})
