// The list of plans: several take a holiday calendar at once, and those that lack the
// dates of a year are found.
import { element } from "../shared/dom.js";
import { loadStyles, showDialog } from "./forms.js";
import { link, muted, pill, refusal, scrollable, table } from "./parts.js";

const API = "beesender_support.api.desk";
const PLAN = "Beesender Support Plan";

export async function onload(listview) {
  if (frappe.model.can_write(PLAN)) {
    listview.page.add_actions_menu_item(__("Use a holiday calendar"), () =>
      useCalendar(listview),
    );
  }
  const { plans, sentence } = await frappe.xcall(`${API}.plans_without_year`);
  if (!plans.length) return;
  listview.page.add_inner_button(sentence, () => showPlans(listview, plans));
}

async function showPlans(listview, plans) {
  await listview.filter_area.clear();
  await listview.filter_area.add([[PLAN, "name", "in", plans]]);
}

async function useCalendar(listview) {
  const plans = listview.get_checked_items(true);
  await loadStyles();
  const dialog = new frappe.ui.Dialog({
    title: __("Use a holiday calendar"),
    size: "large",
    fields: [
      {
        fieldtype: "Link",
        fieldname: "calendar",
        label: __("Holiday calendar"),
        options: "Beesender Holiday Calendar",
        reqd: 1,
        change: () => showUses(dialog, plans),
      },
      { fieldtype: "HTML", fieldname: "uses" },
    ],
    primary_action_label: __("Use this calendar"),
    primary_action: async ({ calendar }) => {
      dialog.disable_primary_action();
      let changed;
      try {
        changed = await frappe.xcall(`${API}.use_calendar`, { calendar, plans });
      } finally {
        dialog.enable_primary_action();
      }
      dialog.hide();
      frappe.show_alert({
        message: __("Plans that changed: {0}.", [changed]),
        indicator: "green",
      });
      listview.refresh();
    },
  });
  showDialog(dialog);
}

async function showUses(dialog, plans) {
  const calendar = dialog.get_value("calendar");
  const { $wrapper } = dialog.fields_dict.uses;
  if (!calendar) {
    $wrapper.empty();
    return;
  }
  const uses = await frappe.xcall(`${API}.calendar_uses`, { calendar, plans });
  if (dialog.get_value("calendar") !== calendar) return;
  $wrapper.empty().append(uses.refusal ? refusal(uses.refusal) : tableOf(uses));
}

function tableOf({ plans, left_out }) {
  const note = __(
    "Own dates that the calendar has as well are moved to it; other own dates stay and outweigh it. Open tickets keep their terms.",
  );
  const heads = [
    __("Plan"),
    __("Moved to the calendar"),
    __("Own dates that stay"),
    __("New dates"),
  ];
  const rows = plans.map((each) =>
    element(
      "tr",
      {},
      element(
        "td",
        {},
        link(PLAN, each.plan, each.customer),
        muted(each.plan),
        each.is_taken && pill(__("Taken already"), "gray"),
      ),
      element("td", {}, String(each.moved)),
      element("td", {}, String(each.kept)),
      element("td", {}, String(each.gained)),
    ),
  );
  return element(
    "div",
    {},
    element("p", {}, note),
    left_out && element("p", {}, left_out),
    scrollable(__("Plans"), table("", heads, rows)),
  );
}
