// A row of the log that could not be registered: make a ticket of it, or dismiss it.
import { element } from "../shared/dom.js";
import { showDialog } from "./forms.js";

const API = "beesender_support.api.desk";
const MAY_DECIDE = ["Agent Manager", "System Manager"];

export function addKeptActions(frm) {
  const { queue_state, event } = frm.doc;
  const may = MAY_DECIDE.some((role) => frappe.user.has_role(role));
  if (frm.is_new() || !may) return;
  const becomes =
    ["Open", "Dismissed"].includes(queue_state) ||
    (event === "Automatic mail" && !queue_state);
  if (becomes) frm.add_custom_button(__("Make a ticket of it"), () => askToMake(frm));
  if (queue_state === "Open") {
    frm.add_custom_button(__("Dismiss"), () => askToDismiss(frm));
  }
}

async function askToMake(frm) {
  const row = frm.doc.name;
  const { obstacle, concerns, account, accounts } = await frappe.xcall(
    `${API}.kept_overview`,
    { row },
  );
  if (obstacle) {
    const message = frappe.utils.escape_html(obstacle);
    frappe.msgprint({ title: __("No ticket can be made of it"), message });
    return;
  }
  const dialog = new frappe.ui.Dialog({
    title: __("Make a ticket of it"),
    fields: [
      { fieldtype: "HTML", fieldname: "said" },
      {
        fieldtype: "Select",
        fieldname: "account",
        label: __("Mailbox"),
        options: account ? [account] : ["", ...accounts],
        default: account,
        read_only: Boolean(account),
        hidden: !account && !accounts.length,
        reqd: !account && accounts.length > 0,
      },
    ],
    primary_action_label: __("Make a ticket of it"),
    primary_action: async (values) => {
      dialog.disable_primary_action();
      try {
        await make(frm, row, values.account);
        dialog.hide();
      } finally {
        dialog.enable_primary_action();
      }
    },
  });
  const what = __(
    "It is registered as if it arrived now, with its sender, text and attachments, and it is decided as always whether it is accepted or held.",
  );
  dialog.fields_dict.said.$wrapper.append(
    [what, ...concerns].map((text) => element("p", {}, text)),
  );
  showDialog(dialog);
}

async function make(frm, row, account) {
  const { ticket, words } = await frappe.xcall(`${API}.make_ticket_of_kept`, {
    row,
    account,
  });
  await frm.reload_doc();
  frappe.show_alert({
    message: `<a href="/helpdesk/tickets/${encodeURIComponent(ticket)}">${frappe.utils.escape_html(words)}</a>`,
    indicator: "green",
  });
}

function askToDismiss(frm) {
  frappe.prompt(
    {
      fieldtype: "Small Text",
      fieldname: "why",
      label: __("Why has nothing to be done about it?"),
      reqd: 1,
    },
    async ({ why }) => {
      await frappe.xcall(`${API}.dismiss_kept`, { row: frm.doc.name, why });
      frm.reload_doc();
    },
    __("Dismiss"),
    __("Dismiss"),
  );
}
