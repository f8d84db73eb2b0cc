// The form of a holiday calendar: where its dates come from, and whom a change concerns.
import { element } from "../shared/dom.js";
import { fillField, latestAnswer, loadStyles, whenTyped } from "./forms.js";
import {
  addFromList,
  addHolidayImport,
  addNextYear,
  CALENDAR,
} from "./holiday_import.js";
import { concernedPlans } from "./parts.js";
import { addReratingButton } from "./rerating.js";

const CALENDAR_DOCTYPE = "Beesender Holiday Calendar";
const HELPDESK_LIST = "HD Service Holiday List";
const TYPED = {
  [CALENDAR_DOCTYPE]: ["country", "last_year"],
  "Beesender Calendar Day": ["date", "days_add", "days_remove"],
};

whenTyped(TYPED, drawConcern);

export async function refresh(frm) {
  addReratingButton(frm);
  addHolidayImport(frm, CALENDAR);
  addImportFromHelpdesk(frm);
  await loadStyles();
  await drawConcern(frm);
}

// What is open keeps its terms: whoever saves is told so, and where they are re-rated.
export async function afterSave(frm) {
  const concern = await drawConcern(frm);
  if (!concern?.open_tickets) return;
  frappe.show_alert({
    message: __(
      "Open tickets under these plans: {0}. They keep their terms; press Re-rate open tickets to apply the dates to them.",
      [concern.open_tickets],
    ),
    indicator: "orange",
  });
}

function addImportFromHelpdesk(frm) {
  if (!frm.has_perm("write") || !frappe.model.can_read(HELPDESK_LIST)) return;
  const { grid } = frm.fields_dict.days;
  grid.add_custom_button(__("Import from Helpdesk"), () => {
    frappe.prompt(
      {
        fieldtype: "Link",
        fieldname: "holiday_list",
        label: __("Holiday list of Helpdesk"),
        options: HELPDESK_LIST,
        reqd: 1,
        description: __(
          "Its dates are added here once. Weekly days off are left out: a tier says when support is open in a week.",
        ),
      },
      ({ holiday_list }) => addFromList(frm, holiday_list),
      __("Import from Helpdesk"),
      __("Add to the calendar"),
    );
  });
}

async function drawConcern(frm) {
  const concern = await latestAnswer(frm, "calendar_concern", { values: frm.doc });
  if (!concern) return null;
  const { missing, next_year } = concern;
  const said = frm.is_new() ? [] : concernInWords(concern);
  const lacking = missing && element("p", { class: "form-message yellow" }, missing);
  fillField(frm, "concern", lacking, ...said);
  drawNextYear(frm, next_year);
  return concern;
}

function drawNextYear(frm, year) {
  for (const label of frm.beesenderNextYear || []) frm.remove_custom_button(label);
  frm.beesenderNextYear = [];
  if (!year || !frm.has_perm("write")) return;
  const label = __("Add next year ({0})", [year]);
  frm.beesenderNextYear.push(label);
  frm.add_custom_button(label, async () => {
    await addNextYear(frm, year);
    await drawConcern(frm);
  });
}

function concernInWords({ plans, open_tickets, named_plans }) {
  const counted = __(
    "Plans that take this calendar: {0}. Open tickets under them: {1}; they keep the terms they were registered with until they are re-rated, a change applies to new ones.",
    [plans, open_tickets],
  );
  return concernedPlans(counted, plans, named_plans);
}
