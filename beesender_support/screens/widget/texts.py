"""What the widget says, in the language of its page."""

from frappe import _

from beesender_support.policy.widget.codes import DIGITS


def labels() -> dict[str, str]:
    """The words around it all, by name."""
    return {
        "open": _("Support"),
        "loading": _("Loading…"),
        "close": _("Close"),
        "back": _("Back"),
        "greeting": _("How can we help?"),
        "email_hint": _("We send a code to your address, so that we know it is you."),
        "email": _("Your e-mail address"),
        "wrong_email": _("Give one e-mail address, such as name@example.com."),
        "send_code": _("Send code"),
        "code_sent": _("We have sent a code to {0}. It is valid for 10 minutes."),
        "code": _("Code from the mail, {0} digits").format(DIGITS),
        "confirm": _("Confirm"),
        "confirm_address": _("Confirm your address"),
        "another_code": _("Send another code"),
        "code_again": _("Another code is on its way."),
        "another_address": _("Use another address"),
        "wrong_code": _(
            "This code is not right, or not valid any more. Check it, or have another one sent."
        ),
        "signed_in": _("Signed in as {0}"),
        "sign_out": _("Sign out"),
        "signed_out_here": _(
            "Everything is forgotten in this browser. The site could not be told that you"
            " sign out: for it the session ends after 30 days."
        ),
        "new_request": _("New request"),
        "your_requests": _("Your last requests"),
        "no_requests": _("You have no requests yet."),
        "subject": _("Subject"),
        "subject_hint": _(
            "State the problem in a few words: what does not work, and where."
        ),
        "description": _("Description"),
        "files": _("Files (optional)"),
        "files_hint": _("At most {0} files, {1} MB each, {2} MB together."),
        "add_files": _("Add files"),
        "files_lost": _(
            "No browser keeps files. Please choose them again, if they are to be sent: {0}."
        ),
        "remove": _("Remove {0}"),
        "send": _("Send request"),
        "sending": _("Sending…"),
        "unreachable": _(
            "There is no connection. What you wrote is kept here and sent when you try again."
        ),
        "back_online": _("The connection is back."),
        "fault": _("Something went wrong. Please try again."),
        "try_again": _("Try again"),
        "needed": _("Please fill in: {0}"),
        "registered": _("Your request is registered"),
        "by_mail_too": _("We answer here and by mail; you can answer here or there."),
        "show_request": _("Show this request"),
        "message": _("Your message"),
        "send_message": _("Send"),
        "message_sent": _("Your message is sent."),
        "new_answer": _("There is a new answer."),
        "new_answers": _("New answers: {0}"),
        "answered": _("New answer"),
        "you": _("You"),
        "support": _("Support"),
        "due": _("We will answer by {0}, your time."),
        "opens": _("your time: {0}"),
        "too_large": _("{0} is larger than {1} MB."),
        "too_large_together": _(
            "All files together may have {0} MB. Please send smaller ones."
        ),
        "too_many_files": _("At most {0} files."),
        "file_type": _("{0} is of a type that we do not take."),
        "draft_kept": _("Your draft is kept in this browser."),
    }
