// The form of a plan: its fee, its seats and its place in time as they are typed.
import { element } from "../shared/dom.js";
import { fillField, latestAnswer, loadStyles, whenTyped } from "./forms.js";
import { offerHeldRequests } from "./held_offer.js";
import { addHolidayImport } from "./holiday_import.js";
import { refusal, timeAsItStands } from "./parts.js";
import { addRenewButton, draftInvoice, feesOf } from "./renewal.js";
import { addReratingButton } from "./rerating.js";
import { seatsOf } from "./seats.js";
import { addServiceReportButton } from "./service_report.js";
import { timelineOf } from "./timeline.js";

const TYPED = {
  "Beesender Support Plan": [
    "customer",
    "tier",
    "time_zone",
    "status",
    "starts_on",
    "ends_on",
    "licence_price",
    "currency",
    "holiday_calendars",
  ],
  "Beesender Authorized Contact": [
    "contact",
    "from_date",
    "to_date",
    "authorized_contacts_add",
    "authorized_contacts_remove",
  ],
  "Beesender Plan Exception": [
    "kind",
    "priority",
    "target",
    "hours",
    "around_the_clock",
    "weekday",
    "start_time",
    "end_time",
    "entitlement",
    "amount",
    "exceptions_add",
    "exceptions_remove",
  ],
  "Beesender Plan Holiday": [
    "date",
    "start_time",
    "end_time",
    "holidays_add",
    "holidays_remove",
    "is_working_day",
  ],
};

// As Helpdesk has it.
const MAY_INVITE = ["Agent Manager", "System Manager"];

whenTyped(TYPED, drawPlan);

export async function setup(frm) {
  const field = frm.get_field("time_zone");
  // A name that is not offered stays visible: saving refuses it by that name. Frappe
  // would empty the field and report it as missing.
  field.df.ignore_validation = 1;
  field.set_data(await frappe.xcall("beesender_support.api.desk.time_zones"));
}

export async function refresh(frm) {
  addRenewButton(frm);
  addReratingButton(frm);
  addServiceReportButton(frm);
  addHolidayImport(frm);
  await loadStyles();
  drawPlan(frm);
  await offerHeldRequests(frm);
}

// The plan as typed; the server computes its fee and warnings.
async function drawPlan(frm) {
  const plan = await latestAnswer(frm, "plan_overview", { values: frm.doc });
  if (!plan) return;
  showFee(frm, plan.fee);
  const sentences = plan.timeline ? sentencesOf(plan) : [];
  fillField(
    frm,
    "overview",
    refusal(plan.refusal),
    ...sentences.map((text) => element("p", { class: "text-muted" }, text)),
    plan.year_missing && lackingYear(plan.year_missing),
  );
  // Only of a plan as it is stored: an invoice is of what was sold.
  const draft =
    plan.offers_invoices && !frm.is_new() && !frm.is_dirty()
      ? (day) => draftInvoice(frm.doc.name, day)
      : null;
  fillField(frm, "fee_lines", plan.fees && feesOf(plan.fees, frm.doc.currency, draft));
  fillField(frm, "timeline", plan.timeline && timelineOf(plan.timeline));
  fillField(frm, "seats", seatsOf(plan));
  if (plan.timeline && !frm.is_new() && !frm.is_dirty()) showSavedState(frm, plan);
}

function lackingYear(year) {
  return element(
    "p",
    { class: "form-message yellow" },
    __(
      "No dates are listed for {0} yet: add the year to its holiday calendar, or let the plan take one.",
      [year],
    ),
  );
}

function showSavedState(frm, { is_in_force, without_portal_access, seats }) {
  const [state, colour] = is_in_force
    ? [__("In force"), "green"]
    : [__("Not in force"), "gray"];
  frm.page.set_indicator(state, colour);
  const group = __("Invite to the portal");
  frm.remove_custom_button(__("Invite all"), group);
  if (!MAY_INVITE.some((role) => frappe.user.has_role(role))) return;
  if (seats.some(({ access, state }) => access === "none" && state !== "ended")) {
    frm.add_custom_button(__("Invite all"), () => invite(frm), group);
  }
  for (const contact of without_portal_access) {
    frm.add_custom_button(contact, () => invite(frm, contact), group);
  }
}

// For display only: saving computes it again.
function showFee(frm, fee) {
  const percent = fee && new Intl.NumberFormat(frappe.boot.lang).format(fee.percent);
  const description = fee ? __("{0}% of the licence price", [percent]) : "";
  frm.set_df_property("fee", "description", description);
  if (fee && fee.amount !== frm.doc.fee) {
    frm.doc.fee = fee.amount;
    frm.refresh_field("fee");
  }
}

// Without a contact everybody who has no access.
async function invite(frm, contact) {
  const answer = await frappe.xcall("beesender_support.api.plans.invite_all", {
    plan: frm.doc.name,
    contact,
  });
  const { invited, already, without_address, failed } = answer;
  const texts = [
    invited.length && __("Invited: {0}", [invited.join(", ")]),
    already.length && __("Invited before: {0}", [already.join(", ")]),
    without_address.length &&
      __("Without an address: {0}", [without_address.join(", ")]),
    ...failed.map(({ contact, why }) => `${contact}: ${why}`),
  ].filter(Boolean);
  frappe.msgprint({
    title: __("Invite to the portal"),
    message: (texts.length ? texts : [__("Can log in")])
      .map(frappe.utils.escape_html)
      .join("<br>"),
    indicator: failed.length || without_address.length ? "orange" : "green",
  });
  await drawPlan(frm);
}

function sentencesOf({
  seats_used,
  seats_included,
  is_open,
  next_open_local,
  next_open,
  exceptions,
  allowances,
}) {
  const seats = __("{0} of {1} seats are used today.", [seats_used, seats_included]);
  const opening = is_open
    ? __("Support is open now.")
    : __(
        "Support is closed now. It opens on {0} in the plan's time zone, on {1} in yours.",
        [timeAsItStands(next_open_local), frappe.datetime.str_to_user(next_open)],
      );
  const agreed = exceptions.map((each) =>
    __("Agreed for this plan alone: {0}", [each]),
  );
  return [seats, opening, ...agreed, ...allowances];
}
