"""The text of a notice in a reader's language.

It is an Email Template that admins edit. One that is missing, or that they broke, is
replaced by the text of this app: a promise is not kept by silence.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from beesender_support.records.notices.notice_kinds import settings_of
from beesender_support.records.people.readers import site_language

TEXTS = Path(__file__).parent.parent / "templates" / "notices"
# Those that this app has texts in: a folder each.
LANGUAGES = tuple(sorted(each.name for each in TEXTS.iterdir() if each.is_dir()))


class Text(NamedTuple):
    """A subject in plain text, and the message as HTML."""

    subject: str
    message: str


@lru_cache(maxsize=256)
def shipped(kind: str, language: str) -> Text:
    """The template of this app, with its variables: the first line is the subject."""
    path = TEXTS / language / f"{kind}.html"
    subject, _blank, message = path.read_text().partition("\n\n")
    return Text(subject.strip(), message.strip())


def in_words(kind: str, language: str, values: Mapping[str, Any]) -> Text:
    """The text of ``kind`` for a reader of ``language``, with plain-text ``values``.

    The values may be texts, numbers, and lists and mappings of them. Nothing in them is
    markup: what a client writes is shown as written.
    """
    template = _template(kind, language)
    if template:
        try:
            return _filled(template, values)
        except Exception:
            frappe.log_error(
                title=f"Beesender Support: text of notice {kind} ({language})"[:140],
                reference_doctype="Beesender Notice",
                reference_name=kind,
            )
    return _filled(shipped(kind, _shipped_language(language)), values)


def preview(kind: str, language: str, values: Mapping[str, Any]) -> Text:
    """As ``in_words``; raises what is wrong with the text, instead of replacing it."""
    template = _template(kind, language)
    return _filled(template or shipped(kind, _shipped_language(language)), values)


def refuse_repeated_language(doc: Document) -> None:
    languages = [row.language for row in doc.texts]
    repeated = next((each for each in languages if languages.count(each) > 1), None)
    if repeated:
        frappe.throw(
            _("There are two texts in {0}. Keep one for each language.").format(
                repeated
            ),
            title=_("Please check"),
        )


def _template(kind: str, language: str) -> Text | None:
    """What admins made of it, in the language, that without its region, the site's, or
    English."""
    templates = settings_of(kind).templates
    wanted = (language, language.split("-")[0], site_language(), "en")
    name = next((templates[each] for each in wanted if each in templates), None)
    if name is None or not frappe.db.exists("Email Template", name):
        return None
    doc = frappe.get_doc("Email Template", name)
    return Text(doc.subject or "", doc.response_ or "")


def _shipped_language(language: str) -> str:
    wanted = (language, language.split("-")[0], site_language())
    return next((each for each in wanted if each in LANGUAGES), "en")


def _filled(text: Text, values: Mapping[str, Any]) -> Text:
    subject = _environment(False).from_string(text.subject).render(values)
    message = _environment(True).from_string(text.message).render(values)
    return Text(" ".join(subject.split()), message)


@lru_cache(maxsize=2)
def _environment(escapes: bool) -> SandboxedEnvironment:
    """Values and nothing else: a text reads no records and calls nothing of the site."""
    return SandboxedEnvironment(
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
