// Held requests of a plan's customer that it would accept now, admitted in one action.
import { element } from "../shared/dom.js";
import { showDialog } from "./forms.js";
import { link, muted, table } from "./parts.js";

const API = "beesender_support.api.desk";
const MAY_DECIDE = ["Agent", "Agent Manager", "System Manager"];

export async function offerHeldRequests(frm) {
  const { customer, name } = frm.doc;
  frm.remove_custom_button(__("Admit held requests"));
  frm.set_intro("");
  if (frm.is_new() || !customer) return;
  if (!MAY_DECIDE.some((role) => frappe.user.has_role(role))) return;
  const offer = await frappe.xcall(`${API}.held_offer`, { customer });
  if (!offer.words || frm.doc.name !== name) return;
  frm.set_intro(frappe.utils.escape_html(offer.words), "orange");
  frm
    .add_custom_button(__("Admit held requests"), () => ask(frm, offer))
    .addClass("btn-primary");
}

function ask(frm, { requests }) {
  const dialog = new frappe.ui.Dialog({
    title: __("Admit held requests"),
    fields: [
      { fieldtype: "HTML", fieldname: "requests" },
      { fieldtype: "Small Text", fieldname: "why", label: __("Why (for the log)") },
    ],
    primary_action_label: __("Admit {0}", [requests.length]),
    primary_action: async ({ why }) => {
      dialog.disable_primary_action();
      try {
        const outcomes = await frappe.xcall(`${API}.admit_held`, {
          tickets: requests.map(({ ticket }) => ticket),
          why: why || "",
        });
        dialog.hide();
        report(outcomes);
        await offerHeldRequests(frm);
      } finally {
        dialog.enable_primary_action();
      }
    },
  });
  const said = __("Their clocks start now, by the plan as it is today.");
  dialog.fields_dict.requests.$wrapper.append(
    element("p", {}, said),
    table(
      "table-bordered",
      [__("Request"), __("Contact"), __("Held since")],
      requests.map(rowOf),
      __("Requests that would be accepted now"),
    ),
  );
  showDialog(dialog);
}

function rowOf({ ticket, subject, contact, held_since }) {
  return element(
    "tr",
    {},
    element("td", {}, link("HD Ticket", ticket), muted(subject)),
    element("td", {}, contact),
    element("td", {}, frappe.datetime.str_to_user(held_since)),
  );
}

function report(outcomes) {
  const admitted = outcomes.filter(({ is_decided }) => is_decided).length;
  const refused = outcomes.filter(({ is_decided }) => !is_decided);
  const message = __("{0} requests are admitted.", [admitted]);
  if (!refused.length) {
    frappe.show_alert({ message, indicator: "green" });
    return;
  }
  const why = refused.map(({ words }) => frappe.utils.escape_html(words));
  frappe.msgprint({
    title: message,
    message: why.join("<br>"),
    indicator: "orange",
  });
}
