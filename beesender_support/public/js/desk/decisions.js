// What was decided on a ticket: a timeline to read, a file for whoever checks it.
import { element } from "../shared/dom.js";
import { loadStyles, showDialog } from "./forms.js";
import {
  inReadersZone,
  muted,
  pill,
  scrollable,
  table,
  timeAsItStands,
} from "./parts.js";

const API = "beesender_support.api.audit";
// Roles that may read them; the server checks them again.
const MANAGERS = ["System Manager", "Agent Manager"];

export function addDecisionButtons(frm) {
  if (frm.is_new() || !frappe.user.has_role(MANAGERS)) return;
  const group = __("Decisions");
  frm.add_custom_button(__("Show decisions"), () => show(frm.doc.name), group);
  frm.add_custom_button(__("Export decisions"), () => download(frm.doc.name), group);
}

export function addExportButton(frm) {
  if (frm.is_new() || !frappe.user.has_role(MANAGERS)) return;
  frm.add_custom_button(__("Export decisions"), () => chooseDays(frm.doc.name));
}

async function show(ticket) {
  const timeline = await frappe.xcall(`${API}.timeline`, { ticket });
  await loadStyles();
  const dialog = new frappe.ui.Dialog({
    title: __("Decisions on ticket {0}", [ticket]),
    size: "extra-large",
    fields: [{ fieldtype: "HTML", fieldname: "timeline" }],
    primary_action_label: __("Export decisions"),
    primary_action: () => download(ticket),
  });
  dialog.fields_dict.timeline.$wrapper.append(checked(timeline), ...lines(timeline));
  showDialog(dialog);
}

function download(ticket) {
  const url = `/api/method/${API}.export_decisions`;
  window.open(`${url}?ticket=${encodeURIComponent(ticket)}`);
}

// Whether what is stored is what it counts to, and what the record lacks.
function checked({ differs, checked: number, missing, left_out }) {
  const verdict = element("p", { role: "status" }, verdictOf(differs, number));
  const gaps = missing.map((each) => muted(each));
  if (left_out)
    gaps.push(muted(__("Earlier entries, in the file only: {0}", [left_out])));
  return element("div", {}, verdict, gaps);
}

function verdictOf(differs, number) {
  if (!differs) return pill(__("Nothing can be counted"), "orange");
  if (differs.length) {
    return pill(__("Differs from what it counts to: {0}", [differs.join(", ")]), "red");
  }
  return pill(__("Values counted again: {0}. All are as stored.", [number]), "green");
}

function lines({ lines: entries, time_zone }) {
  const here = time_zone ? __("When ({0})", [time_zone]) : __("When");
  const heads = [here, __("What"), __("Who"), __("Why")];
  const rows = entries.map((line) =>
    element(
      "tr",
      { "data-code": line.code },
      element(
        "td",
        { "data-label": here },
        element("div", {}, timeAsItStands(line.local || line.site)),
        line.local && muted(inReadersZone(line.site)),
      ),
      element(
        "td",
        { "data-label": heads[1] },
        element("div", {}, line.what),
        line.change && muted(line.change),
      ),
      element("td", { "data-label": heads[2] }, line.who),
      element("td", { "data-label": heads[3] }, line.why),
    ),
  );
  const timeline = table("beesender-stacked", heads, rows, __("Decisions"));
  return [scrollable(__("Decisions"), timeline)];
}

function chooseDays(customer) {
  const today = frappe.datetime.get_today();
  frappe.prompt(
    [
      {
        fieldname: "from_date",
        fieldtype: "Date",
        label: __("Registered from"),
        default: frappe.datetime.add_months(today, -1),
        reqd: 1,
      },
      {
        fieldname: "to_date",
        fieldtype: "Date",
        label: __("Registered to"),
        default: today,
        reqd: 1,
      },
    ],
    async ({ from_date, to_date }) => {
      const run = await frappe.xcall(`${API}.export_of_customer`, {
        customer,
        from_date,
        to_date,
      });
      frappe.set_route("Form", "Beesender Decision Export", run);
    },
    __("Export decisions"),
    __("Export"),
  );
}
