app_name = "beesender_support"
app_title = "Beesender Support"
app_publisher = "Beesender Support contributors"
app_description = "Service tiers, admission and response times for Frappe Helpdesk"
app_email = "support@beesender.com"
app_license = "AGPL-3.0"
required_apps = ["frappe/helpdesk"]

export_python_type_annotations = True
require_type_annotated_api_methods = True

after_install = "beesender_support.setup.install.after_install"
after_migrate = "beesender_support.setup.install.after_migrate"
before_uninstall = "beesender_support.setup.uninstall.before_uninstall"

# What is done of several things at one event stands in enforcement/events, in order.
doc_events = {
    "HD Ticket": {
        event: f"beesender_support.enforcement.events.ticket.{event}"
        for event in (
            "before_insert",
            "before_validate",
            "before_save",
            "after_insert",
            "on_update",
            "on_change",
            "on_trash",
            "before_rename",
            "after_rename",
            "before_discard",
            "before_submit",
            "before_cancel",
        )
    },
    "Communication": {
        event: f"beesender_support.enforcement.events.communication.{event}"
        for event in ("before_insert", "after_insert")
    },
    "Email Queue": {
        event: f"beesender_support.enforcement.events.email_queue.{event}"
        for event in ("before_insert", "after_insert")
    },
    "TP Call Log": {
        event: f"beesender_support.enforcement.events.call_log.{event}"
        for event in ("before_insert", "on_update")
    },
    "HD Customer": {
        event: f"beesender_support.enforcement.events.customer.{event}"
        for event in ("validate", "before_rename", "after_rename", "on_trash")
    },
    "Contact": {
        event: f"beesender_support.enforcement.events.contact.{event}"
        for event in ("validate", "before_rename", "after_rename", "on_trash")
    },
    "HD Team": {"validate": "beesender_support.enforcement.events.team.validate"},
    "Version": {
        "before_insert": "beesender_support.enforcement.events.version.before_insert"
    },
    # Written by themselves only by Frappe's interface, past what is above.
    ("Contact Email", "HD Customer Member"): {
        "validate": "beesender_support.enforcement.clients.identity_writes.refuse_row",
        "on_trash": "beesender_support.enforcement.clients.identity_writes.refuse_row",
    },
    "Contact Phone": {
        "validate": "beesender_support.enforcement.events.contact.validate_phone",
        "on_trash": "beesender_support.enforcement.clients.identity_writes.refuse_row",
    },
    "File": {
        "validate": (
            "beesender_support.enforcement.clients.client_writes.refuse_foreign_file"
        ),
    },
    # Generated from tiers: Helpdesk can save no ticket whose agreement is gone.
    "HD Service Level Agreement": {
        "validate": "beesender_support.enforcement.response.agreement.refuse_edit",
        "before_rename": "beesender_support.enforcement.response.agreement.refuse_rename",
        "after_rename": (
            "beesender_support.enforcement.response.agreement.replace_renamed"
        ),
        "on_trash": "beesender_support.enforcement.response.agreement.refuse_removal",
        "after_delete": (
            "beesender_support.enforcement.response.agreement.replace_removed"
        ),
    },
    "HD Service Holiday List": {
        "on_trash": (
            "beesender_support.enforcement.response.agreement.refuse_removal_of_holidays"
        ),
        "after_delete": (
            "beesender_support.enforcement.response.agreement.replace_removed_holidays"
        ),
    },
    "HD Ticket Priority": {
        "after_insert": (
            "beesender_support.enforcement.response.agreement.refresh_agreements"
        ),
        "on_trash": (
            "beesender_support.enforcement.response.agreement.let_go_of_priority"
        ),
    },
    # Renaming changes links without saving the records that hold them.
    ("HD Customer", "HD Ticket Type", "HD Ticket Priority", "Contact"): {
        "after_rename": "beesender_support.records.cache.invalidate",
    },
    # An update by Data Import would replace their tables.
    (
        "Beesender Support Plan",
        "Beesender Tier",
        "Beesender Holiday Calendar",
        "Beesender Category",
    ): {"before_validate": "beesender_support.enforcement.imports.updates.keep_rows"},
    # Made anew from fixtures at every migration.
    "Role": {"before_import": "beesender_support.setup.roles.keep_as_it_is"},
    # Frappe logs mail that it could not register in one of these.
    "Unhandled Email": {
        "after_insert": "beesender_support.enforcement.safety.dead_mail.keep_unhandled",
    },
    "Error Log": {
        "after_insert": [
            "beesender_support.enforcement.safety.dead_mail.keep_deleted",
            "beesender_support.enforcement.mail.pulls.watch",
        ],
    },
    # An account may be pulled at once by the program that saves it.
    "Email Account": {
        "on_update": "beesender_support.enforcement.mail.pulls.watch",
    },
}

# Nobody makes this role by hand; it grants no permission on any record.
fixtures = [{"dt": "Role", "filters": [["name", "=", "Beesender Channel"]]}]

# The name of what is gone stays in them as text.
ignore_links_on_delete = [
    "Beesender Admission Log",
    "Beesender Access Details",
    "Beesender Notice Log",
    "Beesender Imported Record",
    "Beesender Allowance Entry",
    "Beesender Replay",
    "Beesender Decision",
    "Beesender Decision Export",
    "Beesender Finding",
    "Beesender Widget Code",
    "Beesender Widget Session",
    "Beesender Sample Record",
]

# Asked first of every document, so that nothing a client sent hides its methods.
has_permission = {
    "HD Ticket": "beesender_support.enforcement.clients.client_writes.has_permission",
}

# Frappe's own deletion of a user's personal data rewrites these, too.
user_data_fields = [
    {"doctype": "Beesender Admission Log", "partial": True},
    {"doctype": "Beesender Decision", "partial": True},
    {"doctype": "Beesender Notice Log", "partial": True},
    {"doctype": "Beesender Service Report", "partial": True},
]

# Frappe pulls mail in a job, or at once for a user who presses the button.
before_job = ["beesender_support.enforcement.mail.pulls.watch_job"]
before_request = ["beesender_support.enforcement.mail.pulls.watch_request"]

# Whoever answers mail by a program must not answer a notice.
make_email_body_message = [
    "beesender_support.enforcement.outgoing.mailer.mark_as_automatic"
]

scheduler_events = {
    "cron": {
        "* * * * *": [
            "beesender_support.enforcement.response.clock_job.break_promises",
            "beesender_support.enforcement.notices.ticket_pass.say_what_is_owed",
        ],
        "*/5 * * * *": [
            "beesender_support.enforcement.response.clock_job.follow_the_clock",
            "beesender_support.enforcement.response.agreement.mend",
            "beesender_support.enforcement.rerating.rerating_runs.report_dead",
            "beesender_support.enforcement.replay.replay_runs.report_dead",
            "beesender_support.enforcement.imports.import_runs.report_dead",
            "beesender_support.enforcement.audit.exports.report_dead",
            "beesender_support.enforcement.kept.kept_notice.tell_managers",
            "beesender_support.enforcement.allowances.unused.release_unused",
        ],
        # Zones begin their hours at any quarter of one.
        "*/15 * * * *": [
            "beesender_support.enforcement.notices.digest.send_digests",
        ],
    },
    # Plans follow their own zones, so no hour of the site's day is special.
    "hourly": [
        "beesender_support.enforcement.events.schedule.hourly",
        "beesender_support.enforcement.plans.service_reports.send_due",
        "beesender_support.enforcement.requests.access_details.erase_of_closed",
        "beesender_support.enforcement.safety.dead_mail.reconcile",
        "beesender_support.enforcement.widget.sessions.forget_old",
        "beesender_support.enforcement.conversation.expiry.delete_quiet",
    ],
    # It reads every open request, and nobody waits for it.
    "daily_long": ["beesender_support.enforcement.lint.checking.every_night"],
}

# Where scripts are served, and what people call the codes that records hold.
extend_bootinfo = [
    "beesender_support.screens.desk.boot.add_address_of_scripts",
    "beesender_support.screens.desk.boot.add_names",
    "beesender_support.screens.desk.boot.add_mends",
]

# A page below another: a folder of its name would hide the module of the other.
website_route_rules = [
    {"from_route": "/support-plan/requests", "to_route": "support-plan-requests"},
]

# Scripts and styles, at an address that follows an upgrade.
page_renderer = ["beesender_support.screens.public_files.PublicFileRenderer"]

# Helpdesk's lists run no form script; the widget stands on pages of other origins.
after_request = [
    "beesender_support.screens.helpdesk_pages.add_module",
    "beesender_support.enforcement.widget.cross_origin.allow",
]

# Those of the app's own DocTypes lie beside them.
doctype_js = {
    "Contact": "public/js/desk/contact.js",
    "Data Import": "public/js/desk/data_import.js",
    "HD Customer": "public/js/desk/hd_customer.js",
    "HD Ticket": "public/js/desk/hd_ticket.js",
    "HD Team": "public/js/desk/hd_team.js",
}

override_whitelisted_methods = {
    # The page of a new request, and what it sends.
    "helpdesk.helpdesk.doctype.hd_ticket_template.api.get_one": (
        "beesender_support.api.portal.new_request_template"
    ),
    "helpdesk.helpdesk.doctype.hd_ticket.api.new": (
        "beesender_support.api.portal.raise_request"
    ),
    # Helpdesk's banner knows one set of hours; a plan has its own.
    "helpdesk.helpdesk.doctype.hd_ticket.api.show_outside_hours_banner": (
        "beesender_support.api.portal.show_outside_hours_banner"
    ),
    # Its list draws an empty deadline as a failed one.
    "helpdesk.api.doc.get_list_data": "beesender_support.api.lists.get_list_data",
    "helpdesk.api.doc.get_quick_filters": (
        "beesender_support.api.lists.get_quick_filters"
    ),
    # Both ring before a call is logged.
    "telephony.exotel.handler.make_a_call": (
        "beesender_support.api.telephony.make_a_call"
    ),
    "telephony.twilio.api.voice": "beesender_support.api.telephony.voice",
}
