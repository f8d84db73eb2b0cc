"""The fields this app adds to records of Frappe and Helpdesk, and who may see them."""

from beesender_support.policy.sentences import marked as _

MODULE = "Beesender Support"
# Decided by the policy, so no role may write this level; these may read it.
DECIDED_LEVEL = 1
# How a promise stands; empty without one.
RESPONSE_STATES = (_("Due"), _("At risk"), _("Breached"), _("Met"))
# So does a clock that may pause.
SOLUTION_STATES = (*RESPONSE_STATES, _("Paused"))
# What people of support are also mailed, beside the bell.
NOTICES_BY_MAIL = (_("Never"), _("Breaches and escalations"), _("Everything"))
READERS_OF_DECIDED = ("System Manager", "Agent Manager", "Agent")


def _decided(**field: object) -> dict[str, object]:
    return {
        "module": MODULE,
        "permlevel": DECIDED_LEVEL,
        "read_only": 1,
        "no_copy": 1,
        **field,
    }


CUSTOM_FIELDS = {
    "HD Ticket": [
        {
            "fieldname": "beesender_section",
            "fieldtype": "Section Break",
            "label": _("Support plan"),
            "insert_after": "service_level_agreement_creation",
            "module": MODULE,
        },
        _decided(
            fieldname="beesender_tier",
            fieldtype="Link",
            label=_("Tier"),
            options="Beesender Tier",
            insert_after="beesender_section",
            depends_on="eval:doc.beesender_tier",
        ),
        _decided(
            fieldname="beesender_plan",
            fieldtype="Link",
            label=_("Plan"),
            options="Beesender Support Plan",
            insert_after="beesender_tier",
            search_index=1,
        ),
        {
            "fieldname": "beesender_priority",
            "fieldtype": "Link",
            "label": _("Support priority"),
            "options": "Beesender Priority",
            "insert_after": "beesender_plan",
            "depends_on": "eval:doc.beesender_tier",
            "module": MODULE,
        },
        # What a client answered, where that gave the priority.
        _decided(
            fieldname="beesender_affected",
            fieldtype="Data",
            label=_("What is affected"),
            insert_after="beesender_priority",
            depends_on="eval:doc.beesender_affected",
        ),
        _decided(
            fieldname="beesender_way_round",
            fieldtype="Select",
            label=_("Is there a way round"),
            options="\nYes\nNo",
            insert_after="beesender_affected",
            depends_on="eval:doc.beesender_way_round",
        ),
        # A client gives it with a new request; agents correct it.
        {
            "fieldname": "beesender_entitlement",
            "fieldtype": "Link",
            "label": _("What is asked for"),
            "options": "Beesender Entitlement",
            "insert_after": "beesender_way_round",
            "depends_on": "eval:doc.beesender_entitlement",
            "no_copy": 1,
            "module": MODULE,
        },
        {
            "fieldname": "beesender_column_break",
            "fieldtype": "Column Break",
            "insert_after": "beesender_entitlement",
            "module": MODULE,
        },
        _decided(
            fieldname="beesender_channel",
            # A code: a channel may be gone, and nothing may throw because of it.
            fieldtype="Data",
            label=_("Registered by"),
            insert_after="beesender_column_break",
        ),
        _decided(
            fieldname="beesender_admission",
            fieldtype="Select",
            label=_("Admission"),
            options="\nAccepted\nHeld\nDeclined",
            insert_after="beesender_channel",
            depends_on="eval:doc.beesender_admission",
            in_standard_filter=1,
            search_index=1,
        ),
        _decided(
            fieldname="beesender_admission_reason",
            fieldtype="Data",
            label=_("Reason"),
            insert_after="beesender_admission",
            depends_on="eval:doc.beesender_admission_reason",
        ),
        _decided(
            fieldname="beesender_response_state",
            fieldtype="Select",
            label=_("Response promise"),
            options="\n".join(("", *RESPONSE_STATES)),
            insert_after="beesender_admission_reason",
            depends_on="eval:doc.beesender_response_state",
            in_standard_filter=1,
            search_index=1,
        ),
        _decided(
            fieldname="beesender_next_answer_state",
            fieldtype="Select",
            label=_("Next answer promise"),
            options="\n".join(("", *RESPONSE_STATES)),
            insert_after="beesender_response_state",
            depends_on="eval:doc.beesender_next_answer_state",
            search_index=1,
        ),
        _decided(
            fieldname="beesender_solution_state",
            fieldtype="Select",
            label=_("Solution promise"),
            options="\n".join(("", *SOLUTION_STATES)),
            insert_after="beesender_next_answer_state",
            depends_on="eval:doc.beesender_solution_state",
            in_standard_filter=1,
            search_index=1,
        ),
        {
            "fieldname": "beesender_closing_reason",
            "fieldtype": "Link",
            "label": _("Reason for closing"),
            "options": "Beesender Closing Reason",
            "insert_after": "beesender_solution_state",
            "depends_on": "eval:doc.beesender_closing_reason",
            "no_copy": 1,
            "module": MODULE,
        },
        _decided(
            fieldname="beesender_success_manager",
            fieldtype="Link",
            label=_("Customer-success manager"),
            options="User",
            insert_after="beesender_closing_reason",
            depends_on="eval:doc.beesender_success_manager",
            search_index=1,
        ),
        _decided(
            fieldname="beesender_tier_rank",
            fieldtype="Int",
            label=_("Rank of the tier"),
            insert_after="beesender_success_manager",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_registered_at",
            fieldtype="Datetime",
            label=_("Registered at (UTC)"),
            insert_after="beesender_tier_rank",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_due_at",
            fieldtype="Datetime",
            label=_("Response due at (UTC)"),
            insert_after="beesender_registered_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_at_risk_at",
            fieldtype="Datetime",
            label=_("At risk at (UTC)"),
            insert_after="beesender_due_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_answered_at",
            fieldtype="Datetime",
            label=_("Answered at (UTC)"),
            insert_after="beesender_at_risk_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_closed_at",
            fieldtype="Datetime",
            label=_("Closed at (UTC)"),
            insert_after="beesender_answered_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_answer_due_at",
            fieldtype="Datetime",
            label=_("Next answer due at (UTC)"),
            insert_after="beesender_closed_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_answer_at_risk_at",
            fieldtype="Datetime",
            label=_("Next answer at risk at (UTC)"),
            insert_after="beesender_next_answer_due_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_solution_due_at",
            fieldtype="Datetime",
            label=_("Solution due at (UTC)"),
            insert_after="beesender_next_answer_at_risk_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_solution_at_risk_at",
            fieldtype="Datetime",
            label=_("Solution at risk at (UTC)"),
            insert_after="beesender_solution_due_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_answers_met",
            fieldtype="Int",
            label=_("Earlier next answers in time"),
            insert_after="beesender_solution_at_risk_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_answers_breached",
            fieldtype="Int",
            label=_("Earlier next answers late"),
            insert_after="beesender_next_answers_met",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_answer_times",
            fieldtype="JSON",
            label=_("Support time of next answers"),
            insert_after="beesender_next_answers_breached",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_next_notice_at",
            fieldtype="Datetime",
            label=_("Next notice at (UTC)"),
            insert_after="beesender_next_answer_times",
            hidden=1,
            search_index=1,
        ),
        _decided(
            fieldname="beesender_next_due_at",
            fieldtype="Datetime",
            label=_("Next due at (UTC)"),
            insert_after="beesender_next_notice_at",
            hidden=1,
            search_index=1,
        ),
        _decided(
            fieldname="beesender_events",
            fieldtype="JSON",
            label=_("What moved the clocks"),
            insert_after="beesender_next_due_at",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_terms",
            fieldtype="JSON",
            label=_("Terms"),
            insert_after="beesender_events",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_at_risk_percent",
            fieldtype="Float",
            label=_("At risk from, % of the target"),
            insert_after="beesender_terms",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_tells_client",
            fieldtype="Check",
            label=_("The client gets notices"),
            insert_after="beesender_at_risk_percent",
            hidden=1,
        ),
        _decided(
            fieldname="beesender_external_id",
            fieldtype="Data",
            label=_("Key of the chat"),
            insert_after="beesender_tells_client",
            hidden=1,
            unique=1,
        ),
    ],
    "HD Team": [
        {
            "fieldname": "beesender_lead",
            "fieldtype": "Link",
            "label": _("Team lead"),
            "options": "User",
            "insert_after": "users",
            "description": _("Is told when a promise is nearly broken."),
            "module": MODULE,
        },
        {
            "fieldname": "beesender_time_zone",
            "fieldtype": "Autocomplete",
            "label": _("Time zone"),
            "insert_after": "beesender_lead",
            "description": _("Where the team works; the site's zone if it is empty."),
            "module": MODULE,
        },
    ],
    # By which a number is found, however it is written; see records/people/phones.py.
    "Contact Phone": [
        {
            "fieldname": "beesender_last_digits",
            "fieldtype": "Data",
            "label": _("Last digits"),
            "insert_after": "phone",
            "hidden": 1,
            "read_only": 1,
            "no_copy": 1,
            "module": MODULE,
        },
    ],
    # Written where an answer is logged; what an agent writes in Helpdesk is one.
    "Communication": [
        _decided(
            fieldname="beesender_is_no_answer",
            fieldtype="Check",
            label=_("Logged, and counts as no answer"),
            insert_after="communication_medium",
            hidden=1,
        ),
    ],
    # Each agent's own choice, so no role may write it: it is set by an endpoint.
    "HD Agent": [
        {
            "fieldname": "beesender_notices_by_mail",
            "fieldtype": "Select",
            "label": _("Notices also by mail"),
            "options": "\n".join(NOTICES_BY_MAIL),
            "default": NOTICES_BY_MAIL[1],
            "insert_after": "availability",
            "permlevel": DECIDED_LEVEL,
            "read_only": 1,
            "module": MODULE,
        },
    ],
}
