// Renews a plan: shows what the draft would be, makes it, and opens it.
import { element } from "../shared/dom.js";
import { whileBusy } from "../shared/forms.js";
import { showDialog } from "./forms.js";
import { dateInWords, link, muted, refusal, scrollable, table } from "./parts.js";

const API = "beesender_support.api.plans";
const PLAN = "Beesender Support Plan";

export function addRenewButton(frm) {
  const { status, ends_on, renewed_by } = frm.doc;
  if (frm.is_new() || status === "Draft" || !ends_on) return;
  if (!frappe.model.can_create(PLAN)) return;
  if (renewed_by) {
    frm.add_custom_button(__("Open the renewal"), () =>
      frappe.set_route("Form", PLAN, renewed_by),
    );
    return;
  }
  frm.add_custom_button(__("Renew"), () => ask(frm.doc));
}

async function ask(doc) {
  const first = await previewOf({ plan: doc.name });
  if (first.renewal) return open(first.renewal);
  const dialog = new frappe.ui.Dialog({
    title: __("Renew {0}", [doc.name]),
    fields: fieldsOf(first, () => redraw()),
    primary_action_label: __("Make the draft"),
    primary_action: async () => {
      dialog.disable_primary_action();
      try {
        const made = await frappe.xcall(`${API}.renew`, wanted());
        dialog.hide();
        open(made.renewal);
        tell(made);
      } finally {
        dialog.enable_primary_action();
      }
    },
  });
  const wanted = () => {
    const { tier, time_zone, starts_on, ends_on } = dialog.get_values(true);
    return { plan: doc.name, tier, time_zone, starts_on, ends_on };
  };
  const place = dialog.fields_dict.preview.$wrapper;
  const redraw = frappe.utils.debounce(async () => {
    place.empty().append(...partsOf(await previewOf(wanted())));
  }, 300);
  place.append(...partsOf(first));
  showDialog(dialog);
}

function previewOf(args) {
  return frappe.xcall(`${API}.renewal_preview`, args);
}

function fieldsOf({ tier, time_zone, starts_on, ends_on }, change) {
  return [
    field("tier", __("Tier"), "Link", tier, change, { options: "Beesender Tier" }),
    field("time_zone", __("Time zone"), "Data", time_zone, change),
    { fieldtype: "Column Break" },
    field("starts_on", __("Starts on"), "Date", starts_on, change),
    field("ends_on", __("Ends on (inclusive)"), "Date", ends_on, change),
    { fieldtype: "Section Break" },
    { fieldtype: "HTML", fieldname: "preview" },
  ];
}

function field(fieldname, label, fieldtype, value, change, more = {}) {
  return { fieldname, label, fieldtype, default: value, reqd: 1, change, ...more };
}

function partsOf({ refusal: why, seats, left_out, warnings, fees, currency }) {
  if (why) return [refusal(why)];
  return [
    ...warnings.map((text) =>
      element("p", { class: "form-message orange", role: "status" }, text),
    ),
    element("p", {}, __("Authorized contacts taken over: {0}", [seats])),
    left_out.length &&
      element(
        "div",
        {},
        element("p", {}, __("Not taken over:")),
        element(
          "ul",
          {},
          left_out.map((text) => element("li", {}, text)),
        ),
      ),
    fees && feesOf(fees, currency),
  ].filter(Boolean);
}

// What a plan costs, line by line.
// `draft` makes an invoice of a row, where that is offered.
export function feesOf({ rows, total, rounding }, currency, draft) {
  const heads = [
    __("Tier"),
    __("From"),
    __("To (inclusive)"),
    __("Part of the year"),
    __("Fee"),
    ...(draft ? [__("Invoice")] : []),
  ];
  return element(
    "div",
    {},
    scrollable(
      __("Fee by contract year"),
      table(
        "table-bordered",
        heads,
        rows.map((row) => feeRow(row, currency, draft)),
        __("Fee by contract year"),
      ),
    ),
    element("p", {}, __("In all {0}", [money(total, currency)])),
    muted(rounding),
  );
}

function feeRow(row, currency, draft) {
  const { tier, percent, starts_on, ends_on, share, amount } = row;
  const number = new Intl.NumberFormat(frappe.boot.lang).format(percent);
  return element(
    "tr",
    {},
    element("td", {}, `${tier}, ${number} %`),
    element("td", {}, dateInWords(starts_on)),
    element("td", {}, dateInWords(ends_on)),
    element("td", {}, share),
    element("td", { class: "text-right" }, money(amount, currency)),
    draft && element("td", {}, draftButton(row, draft)),
  );
}

function draftButton({ starts_on }, draft) {
  const button = element(
    "button",
    { type: "button", class: "btn btn-default btn-xs" },
    __("Draft in ERPNext"),
  );
  button.addEventListener("click", () => whileBusy([button], () => draft(starts_on)));
  return button;
}

// Twice the same day opens the same draft.
export async function draftInvoice(plan, starts_on) {
  const invoice = await frappe.xcall(`${API}.draft_invoice`, { plan, starts_on });
  frappe.set_route("Form", "Sales Invoice", invoice);
}

// Desk writes any symbol where neither the plan nor the site has a currency.
function money(amount, currency) {
  const known = currency || frappe.boot.sysdefaults.currency;
  return known
    ? globalThis.format_currency(amount, known, 2)
    : globalThis.format_number(amount, null, 2);
}

function open(name) {
  frappe.set_route("Form", PLAN, name);
}

function tell({ renewal, was_there, left_out }) {
  const message = was_there
    ? __("{0} renews this plan already.", [renewal])
    : __("{0} is a draft. It starts by itself once it is active.", [renewal]);
  if (!left_out.length) {
    frappe.show_alert({ message, indicator: "green" });
    return;
  }
  const texts = [message, __("Not taken over:"), ...left_out];
  frappe.msgprint({
    title: __("Renewed"),
    message: texts.map(frappe.utils.escape_html).join("<br>"),
    indicator: "orange",
  });
}

// On the list of plans: all that are chosen, each for its next period.
export function renewChosen(listview) {
  const plans = listview.get_checked_items(true);
  const question = __("Make a draft for the next period of {0} plans?", [plans.length]);
  frappe.confirm(question, async () => {
    const outcomes = await frappe.xcall(`${API}.renew_several`, { plans });
    report(outcomes);
    listview.refresh();
  });
}

function report(outcomes) {
  const made = outcomes.filter(({ renewal, was_there }) => renewal && !was_there);
  const dialog = new frappe.ui.Dialog({
    title: __("{0} drafts are made.", [made.length]),
    fields: [{ fieldtype: "HTML", fieldname: "outcomes" }],
  });
  const heads = [__("Plan"), __("Renewal"), __("Please check")];
  dialog.fields_dict.outcomes.$wrapper.append(
    table("table-bordered", heads, outcomes.map(rowOf), __("Renewals")),
  );
  showDialog(dialog);
}

function rowOf({ plan, customer, renewal, was_there, left_out, refusal: why }) {
  const notes = [why, was_there && __("It was there already."), ...left_out];
  return element(
    "tr",
    {},
    element("td", {}, link(PLAN, plan), muted(customer)),
    element("td", {}, renewal ? link(PLAN, renewal) : "—"),
    element(
      "td",
      {},
      notes.filter(Boolean).map((note) => element("div", {}, note)),
    ),
  );
}
