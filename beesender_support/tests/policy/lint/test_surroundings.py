"""What promises rest on and others configure."""

from beesender_support.policy.lint.surroundings import (
    IMAP,
    OTHER,
    POP3,
    Agreement,
    Mailbox,
    check_agreements,
    check_mail,
    check_mailboxes,
)


def test_agreements():
    findings = check_agreements(
        [
            Agreement("Basic", "Beesender Basic", is_there=True),
            Agreement("Business", "Beesender Business", is_there=False),
            Agreement("Premium", "Beesender Premium", True, is_as_generated=False),
        ]
    )
    assert [(each.code, each.place) for each in findings] == [
        ("agreement_missing", "Business"),
        ("agreement_changed", "Premium"),
    ]


def test_mailboxes_that_may_lose_mail():
    findings = check_mailboxes(
        [
            Mailbox("Safe", IMAP, fetches="ALL"),
            Mailbox("Unread", IMAP, fetches="UNSEEN"),
            Mailbox("Old", POP3, fetches="ALL"),
            Mailbox("Of a service", OTHER, fetches="UNSEEN"),
        ]
    )
    assert [(each.code, each.place) for each in findings] == [
        ("mailbox_unseen", "Unread"),
        ("mailbox_pop3", "Old"),
    ]


def test_who_vouches_for_mail_and_whether_any_is_sent():
    def codes_of(**facts):
        return [each.code for each in check_mail(**facts)]

    assert codes_of(receives=True, sends=True, trusts_servers=True) == []
    assert codes_of(receives=False, sends=True, trusts_servers=False) == []
    assert codes_of(receives=True, sends=False, trusts_servers=False) == [
        "authentication_servers_unset",
        "no_outgoing_mail",
    ]
