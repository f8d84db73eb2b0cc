// Dialogs of the first steps: the first plan, the key of a program, and what taking away
// the sample data removes. Each resolves to what was done, or to nothing.
import { showDialog } from "../desk/forms.js";
import { element } from "../shared/dom.js";

const API = "beesender_support.api.first_hour";

export const DIALOGS = { first_plan: sellFirst, key: makeProgram };

async function sellFirst(method) {
  const choices = await frappe.xcall(`${API}.choices`, {}, "GET");
  const sold = await asked({
    title: __("The first plan"),
    fields: fieldsOf(choices),
    primary_action_label: __("Sell"),
    act: (values) => frappe.xcall(method, values),
  });
  if (!sold) return null;
  const text = __("{0} has the plan {1}. Invite {2} to the portal by mail?", [
    sold.customer,
    sold.plan,
    sold.contact,
  ]);
  const wanted = await confirmed(text);
  const said = { is_good: true, sentence: __("The plan {0} is sold.", [sold.plan]) };
  if (!wanted) return said;
  const invited = await frappe.xcall(`${API}.invite`, { record: sold.plan });
  return { ...invited, sentence: `${said.sentence} ${invited.sentence}` };
}

function fieldsOf({ tiers, time_zones, calendars, time_zone, starts_on, calendar }) {
  return [
    needed("customer", __("Customer"), "Data"),
    needed("contact", __("Contact, by name"), "Data"),
    needed("address", __("E-mail address of the contact"), "Data", {
      options: "Email",
    }),
    { fieldtype: "Column Break" },
    needed("tier", __("Tier"), "Select", { options: tiers, default: tiers[0]?.value }),
    needed("time_zone", __("Time zone"), "Autocomplete", {
      options: time_zones,
      default: time_zone,
    }),
    needed("starts_on", __("Starts on"), "Date", { default: starts_on }),
    calendars.length && {
      fieldname: "calendar",
      fieldtype: "Select",
      label: __("Holiday calendar"),
      options: ["", ...calendars],
      default: calendar,
    },
  ].filter(Boolean);
}

function needed(fieldname, label, fieldtype, more = {}) {
  return { fieldname, label, fieldtype, reqd: 1, ...more };
}

// A dialog that stays open while what was typed is refused.
function asked({ act, ...options }) {
  return new Promise((resolve) => {
    let done = null;
    const dialog = new frappe.ui.Dialog({
      ...options,
      primary_action: async (values) => {
        dialog.disable_primary_action();
        try {
          done = await act(values);
          dialog.hide();
        } catch (refused) {
          if (refused instanceof Error) throw refused;
        } finally {
          dialog.enable_primary_action();
        }
      },
    });
    dialog.onhide = () => resolve(done);
    showDialog(dialog);
  });
}

function confirmed(text) {
  return new Promise((resolve) => {
    frappe.confirm(
      frappe.utils.escape_html(text),
      () => resolve(true),
      () => resolve(false),
    );
  });
}

// The secret is in this answer alone, and in the page only while the dialog is open.
async function makeProgram(method) {
  const key = await frappe.xcall(method);
  const dialog = new frappe.ui.Dialog({
    title: __("The key of {0}", [key.user]),
    fields: [
      { fieldtype: "HTML", fieldname: "why" },
      shown("api_key", __("API key"), key.api_key),
      shown("api_secret", __("API secret"), key.api_secret),
    ],
    primary_action_label: __("I have copied both"),
    primary_action: () => dialog.hide(),
  });
  dialog.fields_dict.why.$wrapper.append(
    element(
      "p",
      {},
      __("Give both to the chatbot. The secret is not shown again: copy it now."),
    ),
  );
  await new Promise((resolve) => {
    dialog.onhide = resolve;
    showDialog(dialog);
  });
  dialog.$wrapper.remove();
  return { is_good: true, sentence: __("{0} has a key.", [key.user]) };
}

function shown(fieldname, label, value) {
  return { fieldname, label, fieldtype: "Data", read_only: 1, default: value };
}

// What goes is named first, by what it is called now.
export async function takeAway() {
  const { records, kept } = await frappe.xcall(`${API}.samples`, {}, "GET");
  const counts = Object.entries(records).map(
    ([doctype, names]) => `${__(doctype)}: ${names.length}`,
  );
  const customers = (records["HD Customer"] ?? []).join(", ");
  const text = [
    __("These are deleted with all that hangs on them: {0}.", [counts.join(", ")]),
    customers && __("Customers: {0}.", [customers]),
    kept.length && staying(kept),
  ];
  if (!(await confirmed(text.filter(Boolean).join(" ")))) return null;
  const taken = await frappe.xcall(`${API}.take_away_samples`);
  const sentence = [
    __("The sample data are gone."),
    taken.kept.length && staying(taken.kept),
  ];
  return { is_good: true, sentence: sentence.filter(Boolean).join(" ") };
}

function staying(customers) {
  return __("These stay, since older requests hang on them: {0}.", [
    customers.join(", "),
  ]);
}
