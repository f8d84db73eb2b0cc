"""Whether the mailbox of an account can be read, and what waits in it.

By connections of its own, like those of Frappe, since Frappe's count against the account
what fails, up to switching it off, and wait for an answer for as long as it likes.
"""

import imaplib
import poplib
import ssl

import frappe
from frappe import _
from frappe.email.oauth import Oauth
from frappe.email.utils import get_port
from frappe.model.document import Document


def waiting_in(account: Document, seconds: float) -> str:
    """In words; nothing is fetched, and nothing marked as read. ``seconds`` is how long
    each answer of the server is waited for."""
    if not account.email_server:
        frappe.throw(_("{0} is required").format(_("Incoming Server")))
    if not account.use_imap:
        _pop(account, seconds).quit()
        return _("It is read by POP3; IMAP leaves mail on the server.")
    server = _imap(account, seconds)
    try:
        return " ".join(
            _said_of_folder(server, row.folder_name) for row in account.imap_folder
        )
    finally:
        server.logout()


def _said_of_folder(server: imaplib.IMAP4, folder: str) -> str:
    status, answer = server.select(f'"{folder}"', readonly=True)
    if status != "OK":
        return _("There is no folder {0}.").format(folder)
    return _("Mails in {0}: {1}.").format(folder, int(answer[0] or 0))


def _imap(account: Document, seconds: float) -> imaplib.IMAP4:
    host, port = account.email_server, get_port(account)
    if account.use_ssl:
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=seconds)
    else:
        server = imaplib.IMAP4(host, port, timeout=seconds)
        if account.use_starttls:
            server.starttls()
    if not _signed_in_by_token(server, account):
        server.login(_login_of(account), account.get_password())
    return server


def _pop(account: Document, seconds: float) -> poplib.POP3:
    host, port = account.email_server, get_port(account)
    if account.use_ssl:
        context = ssl.create_default_context()
        server = poplib.POP3_SSL(host, port, context=context, timeout=seconds)
    else:
        server = poplib.POP3(host, port, timeout=seconds)
    if not _signed_in_by_token(server, account):
        server.user(_login_of(account))
        server.pass_(account.get_password())
    return server


def _login_of(account: Document) -> str:
    return str(account.login_id or account.email_id)


def _signed_in_by_token(server: imaplib.IMAP4 | poplib.POP3, account: Document) -> bool:
    token = account.get_oauth_token()
    if token is None:
        return False
    access = token.get_password("access_token")
    Oauth(server, account.name, _login_of(account), access).connect()
    return True
