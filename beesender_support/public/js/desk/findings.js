// Findings in Desk: the list says what each one is in the reader's language, looks again,
// and mends what one click mends; the form accepts.
import { showDialog } from "./forms.js";

const API = "beesender_support.api.lint";
const isMendedByAClick = (code) => code in frappe.boot.beesender_mends;
// Where on the form the cause is.
const FIELD_OF_CODE = {
  mailbox_pop3: "use_imap",
  mailbox_unseen: "email_sync_option",
  authentication_servers_unset: "trusted_authentication_servers",
  tier_without_target: "response_targets",
  hole_before_midnight: "support_windows",
  tier_without_seats: "authorized_contact_limit",
  tier_without_request_channel: "registration_channels",
  tier_without_answer_channel: "answer_channels",
  plan_without_seats: "authorized_contacts",
  plan_begins_without_seats: "authorized_contacts",
  plan_over_quota: "authorized_contacts",
  seated_twice: "authorized_contacts",
  plans_overlap: "ends_on",
  plans_with_gap: "ends_on",
  plan_calendar_ends: "holidays",
  category_without_priority: "priority_rules",
  category_without_default: "priority_rules",
  priority_without_ticket_priority: "ticket_priority",
};

// The list

export function onload(listview) {
  listview.page.add_inner_button(__("Check now"), async () => {
    const { sentence } = await frappe.xcall(`${API}.check_now`);
    frappe.show_alert({ message: sentence, indicator: "blue" }, 10);
    redraw(listview);
  });
}

// Frappe asks for the same list once in three seconds at most.
function redraw(listview) {
  listview.last_args = null;
  listview.refresh();
}

// The list is drawn from columns; a sentence is in none of them.
export async function refresh(listview) {
  const names = listview.data.map(({ name }) => name);
  if (!names.length) return;
  const [list] = listview.$result;
  // A sentence takes the width that the other columns leave.
  for (const subject of list.querySelectorAll(".list-subject")) {
    subject.style.flex = "0 0 45%";
    subject.style.maxWidth = "none";
  }
  const heading = list.querySelector(".list-row-head [data-sort-by=code]");
  if (heading) heading.textContent = __("Finding");
  // Nobody comments on what the next night may take away; when it changed has the room.
  for (const count of list.querySelectorAll(".comment-count")) count.remove();
  const said = await frappe.xcall(`${API}.sentences`, { findings: names }, "GET");
  for (const [name, sentence] of Object.entries(said)) {
    const row = list.querySelector(`.list-subject a[data-name="${CSS.escape(name)}"]`);
    if (!row) continue;
    row.textContent = sentence;
    row.title = sentence;
  }
}

export async function act(row, listview) {
  if (!isMendedByAClick(row.code)) return open(row);
  await mend(row.name);
  redraw(listview);
}

async function mend(finding) {
  const message = await frappe.xcall(`${API}.mend`, { finding });
  frappe.show_alert({ message, indicator: "green" }, 10);
}

async function open({ code, place_doctype, place }) {
  await frappe.set_route("Form", place_doctype, place);
  const field = FIELD_OF_CODE[code];
  if (!field) return;
  frappe.after_ajax(() => {
    if (
      window.cur_frm?.doctype === place_doctype &&
      window.cur_frm.fields_dict[field]
    ) {
      window.cur_frm.scroll_to_field(field);
    }
  });
}

// The form

export function refreshForm(frm) {
  const { code, accepted } = frm.doc;
  if (isMendedByAClick(code)) {
    frm.add_custom_button(__("Mend"), async () => {
      await mend(frm.doc.name);
      frappe.set_route("List", "Beesender Finding");
    });
  }
  if (frm.doc.place) {
    frm.add_custom_button(__("Open what it is about"), () => open(frm.doc));
  }
  if (accepted) {
    frm.add_custom_button(__("Accept no longer"), async () => {
      await frappe.xcall(`${API}.accept_no_longer`, { finding: frm.doc.name });
      frm.reload_doc();
    });
  } else {
    frm.add_custom_button(__("Accept"), () => accept(frm));
  }
}

function accept(frm) {
  const dialog = new frappe.ui.Dialog({
    title: __("Accept this finding"),
    fields: [
      {
        fieldtype: "Small Text",
        fieldname: "reason",
        label: __("Why it is accepted"),
        reqd: 1,
      },
      { fieldtype: "Date", fieldname: "until", label: __("Accepted until") },
    ],
    primary_action_label: __("Accept"),
    primary_action: async ({ reason, until }) => {
      await frappe.xcall(`${API}.accept`, { finding: frm.doc.name, reason, until });
      dialog.hide();
      frm.reload_doc();
    },
  });
  showDialog(dialog);
}
