"""What people call what the policy knows by codes."""

from beesender_support.policy.sentences import marked as _

ENTITLEMENT_NAMES = {
    "administrator_questions": _("Questions of the system administrator"),
    "end_user_questions": _("Questions of end users"),
    "success_manager_in_person": _("Customer-success manager in person"),
    "developer_consultation": _("Consultation with the developers"),
    "licence_maintenance": _("Beesender Server licence maintenance"),
}
CHANNEL_NAMES = {
    "portal": _("portal"),
    "email": _("e-mail"),
    "chatbot": _("chatbot"),
    "widget": _("site widget"),
    "phone": _("phone"),
    "skype": _("Skype"),
    "agent": _("agent"),
}
