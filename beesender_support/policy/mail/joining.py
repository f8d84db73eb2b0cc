"""Whether a mail joins the ticket whose number is in its subject."""


def joins_by_number(
    *, is_asker: bool, is_agent: bool, is_forward: bool, takes_part: bool
) -> bool:
    """Whether mail from a sender whom somebody vouches for joins the ticket.

    ``is_asker``: who raised the ticket. ``is_agent``: a person who answers for support;
    what they pass on (``is_forward``) may be somebody else's. ``takes_part``: the
    contact, a colleague, or a person who was written to or has written before.
    """
    if is_asker:
        return True
    return not is_forward if is_agent else takes_part
