"""The one way in which a notice leaves: to each reader in their language, once.

The row of the log, the mails in Frappe's queue and the bells are written in the caller's
transaction. So a notice that was said is logged, and one that is logged was said,
wherever the program is killed; a second caller finds the key in the log.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.email_body import EMail
from frappe.utils import validate_email_address

from beesender_support.records.notices import notice_log
from beesender_support.records.notices.notice_kinds import settings_of
from beesender_support.records.people.readers import Recipient, site_language
from beesender_support.wording import notice_texts
from beesender_support.wording.language import speaking

# After this Helpdesk's page reads its bell again.
BELL_RANG = "helpdesk:comment-reaction-update"
# Who rings: Helpdesk's bell needs somebody.
RINGS = "Administrator"
# By this header a mail of this app is known.
OURS, PREFIX = "X-Auto-Generated", "beesender-"
# Sent at once to whoever wrote a mail: RFC 3834 calls this a reply.
REPLIES = ("request_held",)
NO_ACCOUNT = "No mail: the site has no default outgoing Email Account."
UNSUBSCRIBED = "No mail, because they have unsubscribed: {}."


class Notice(NamedTuple):
    """What is to be said because of one event.

    ``key`` names the event, for ever. ``values`` gives the variables of the text as plain
    text, and is called while the reader's language is spoken. Instants are aware.
    ``in_reply_to`` is the name of the Communication that a mail answers, ``subject``
    replaces that of the text, so that a mail stays in its thread; ``attachments`` are as
    ``frappe.sendmail`` takes them.
    """

    kind: str
    key: str
    recipients: Sequence[Recipient]
    values: Callable[[], Mapping[str, Any]]
    ticket: str | None = None
    plan: str | None = None
    customer: str | None = None
    tier: str | None = None
    category: str | None = None
    priority: str | None = None
    target: str | None = None
    share: int | None = None
    owed_at: datetime | None = None
    due_at: datetime | None = None
    in_reply_to: str | None = None
    subject: str | None = None
    details: str = ""
    attachments: Sequence[Mapping[str, Any]] = ()


def send(notice: Notice) -> bool:
    """Say it, unless it was said, is switched off, or nobody is there to be told; that is
    logged as well, so that nothing old is said when somebody switches it on.

    Returns whether it was said now.
    """
    if notice_log.is_logged(notice.key):
        return False
    if not settings_of(notice.kind).sends(notice.tier):
        _record(notice, notice_log.SWITCHED_OFF)
        return False
    notice = _reachable(notice)
    if not notice.recipients:
        _record(notice, notice_log.NOBODY)
        return False
    texts: dict[str, notice_texts.Text] = {}
    for language in {each.language for each in notice.recipients}:
        with speaking(language):
            texts[language] = notice_texts.in_words(
                notice.kind, language, notice.values()
            )
    if not _record(notice, notice_log.SENT, _logged_subject(notice, texts)):
        return False
    for recipient in notice.recipients:
        text = texts[recipient.language]
        if recipient.address:
            _mail(notice, recipient.address, text)
        if recipient.user and notice.ticket:
            _ring(notice.ticket, recipient.user, text.subject)
    return True


def record_missed(notice: Notice) -> None:
    """It was owed, and is not worth saying any more."""
    if not notice_log.is_logged(notice.key):
        _record(notice, notice_log.MISSED)


def _reachable(notice: Notice) -> Notice:
    """With those recipients, each once, whom something reaches: no mail leaves a site
    that has no account for it, and an address may be none."""
    account = EmailAccount.find_outgoing(match_by_doctype=_about(notice)[0])
    refusing = _unsubscribed(notice) if account else frozenset()
    recipients = {
        each._replace(
            address=(
                _valid(each.address)
                if account and each.address not in refusing
                else None
            ),
            user=each.user if notice.ticket else None,
        ): None
        for each in notice.recipients
    }
    reached = [each for each in recipients if each.address or each.user]
    details = notice.details
    if not account and any(each.address for each in notice.recipients):
        details = f"{details}\n{NO_ACCOUNT}".strip()
    if refusing:
        told = ", ".join(sorted(refusing))
        details = f"{details}\n{UNSUBSCRIBED.format(told)}".strip()
    return notice._replace(recipients=reached, details=details)


def _unsubscribed(notice: Notice) -> frozenset[str]:
    """Addresses to which Frappe sends nothing about this: it leaves them out without a
    word, and the log would call it sent."""
    addresses = {each.address for each in notice.recipients if each.address}
    if not addresses:
        return frozenset()
    about, name = _about(notice)
    rows = frappe.get_all(
        "Email Unsubscribe",
        {"email": ("in", sorted(addresses))},
        ["email", "reference_doctype", "reference_name", "global_unsubscribe"],
    )
    refusing = {
        row.email.casefold()
        for row in rows
        if row.global_unsubscribe
        or (about and (row.reference_doctype, row.reference_name) == (about, name))
    }
    return frozenset(each for each in addresses if each.casefold() in refusing)


def _valid(address: str | None) -> str | None:
    return validate_email_address(address) or None if address else None


def _logged_subject(notice: Notice, texts: Mapping[str, notice_texts.Text]) -> str:
    of_site = texts.get(site_language()) or next(iter(texts.values()))
    return notice.subject or of_site.subject


def _record(notice: Notice, outcome: str, subject: str = "") -> bool:
    told = {
        name
        for each in notice.recipients
        for name in (each.address, each.user)
        if name and outcome == notice_log.SENT
    }
    return notice_log.record(
        kind=notice.kind,
        key=notice.key,
        outcome=outcome,
        owed_at=notice.owed_at,
        due_at=notice.due_at,
        subject=subject[:255],
        recipients="\n".join(sorted(told)),
        ticket=notice.ticket,
        plan=notice.plan,
        customer=notice.customer,
        tier=notice.tier,
        category=notice.category,
        priority=notice.priority,
        target=notice.target,
        share=notice.share,
        details=notice.details,
    )


def _mail(notice: Notice, address: str, text: notice_texts.Text) -> None:
    about = _about(notice)
    frappe.sendmail(
        recipients=[address],
        subject=notice.subject or text.subject,
        message=text.message,
        reference_doctype=about[0],
        reference_name=about[1],
        in_reply_to=notice.in_reply_to,
        attachments=list(notice.attachments) or None,
        add_unsubscribe_link=0,
        email_headers={OURS: f"{PREFIX}{notice.kind}"},
    )


def mark_as_automatic(mail: EMail) -> None:
    """Frappe writes no header of a caller's that does not begin with X-, so this is added
    while it makes the message."""
    if str(mail.msg_root.get(OURS, "")).startswith(PREFIX):
        ours = str(mail.msg_root[OURS])
        is_reply = ours.removeprefix(PREFIX) in REPLIES
        mail.set_header(
            "Auto-Submitted", "auto-replied" if is_reply else "auto-generated"
        )
        # Some programs thread by this one alone.
        if answered := mail.msg_root.get("In-Reply-To"):
            mail.set_header("References", answered)


def _about(notice: Notice) -> tuple[str | None, str | None]:
    if notice.ticket:
        return "HD Ticket", notice.ticket
    # Without a DocType: Frappe would file a reply to the mail with the plan, and it would
    # become no request.
    return None, notice.plan


def _ring(ticket: str, user: str, message: str) -> None:
    frappe.get_doc(
        {
            "doctype": "HD Notification",
            "user_from": RINGS,
            "user_to": user,
            # The one type of Helpdesk's that shows a message of its own.
            "notification_type": "Reaction",
            "reference_ticket": ticket,
            "message": message,
        }
    ).insert(ignore_permissions=True)
    frappe.publish_realtime(BELL_RANG, user=user, after_commit=True)
