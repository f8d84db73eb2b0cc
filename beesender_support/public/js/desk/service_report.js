// A service report: choose the month, read what the client will read, send it.
import { element } from "../shared/dom.js";
import { showDialog } from "./forms.js";

const API = "beesender_support.api.desk";
const DOCTYPE = "Beesender Service Report";

export function addServiceReportButton(frm) {
  if (frm.is_new() || frm.doc.status === "Draft") return;
  if (!frappe.model.can_create(DOCTYPE)) return;
  frm.add_custom_button(__("Service report"), () => chooseMonth(frm.doc.name));
}

function chooseMonth(plan) {
  const lastMonth = frappe.datetime.add_months(frappe.datetime.month_start(), -1);
  const dialog = new frappe.ui.Dialog({
    title: __("Service report"),
    fields: [
      {
        fieldtype: "Date",
        fieldname: "month",
        label: __("Any day of the month"),
        default: lastMonth,
        reqd: 1,
      },
    ],
    primary_action_label: __("Preview"),
    primary_action: async ({ month }) => {
      const report = await frappe.xcall(`${API}.make_service_report`, { plan, month });
      dialog.hide();
      preview(report);
    },
  });
  showDialog(dialog);
}

function preview(report) {
  const dialog = new frappe.ui.Dialog({
    title: __("Service report"),
    size: "extra-large",
    fields: [{ fieldtype: "HTML", fieldname: "report" }],
    primary_action_label: report.problem ? __("Open the report") : __("Send"),
    primary_action: async () => {
      if (report.problem) open(dialog, report);
      else if (await send(report)) dialog.hide();
    },
    secondary_action_label: report.problem ? null : __("Edit before sending"),
    secondary_action: () => open(dialog, report),
  });
  dialog.fields_dict.report.$wrapper.append(about(report), page(report));
  showDialog(dialog);
}

function open(dialog, { name }) {
  dialog.hide();
  frappe.set_route("Form", DOCTYPE, name);
}

// To whom it goes, or why it cannot.
export function about({ status, recipients, problem }) {
  if (status !== "Sent" && problem) {
    return element("p", { class: "form-message orange", role: "status" }, problem);
  }
  const sentence =
    status === "Sent"
      ? __("This report was sent. It stays as it is.")
      : __("It will be sent to {0}.", [recipients.join(", ")]);
  return element("p", { class: "text-muted", role: "status" }, sentence);
}

// By itself in a frame: neither styles nor anything else of it reach Desk.
export function page({ html }) {
  const frame = element("iframe", {
    title: __("Service report"),
    sandbox: "",
    style: "width: 100%; height: 60vh; border: 1px solid var(--border-color);",
  });
  frame.srcdoc = html;
  return frame;
}

// Whether it was sent; asked once more, since a mail cannot be taken back.
export function send({ name, recipients }) {
  const question = __("Send the report to {0}? It cannot be changed afterwards.", [
    recipients.join(", "),
  ]);
  return new Promise((done) => {
    frappe.confirm(
      frappe.utils.escape_html(question),
      async () => {
        await frappe.xcall(`${API}.send_service_report`, { name });
        frappe.show_alert({ message: __("The report is sent."), indicator: "green" });
        done(true);
      },
      () => done(false),
    );
  });
}
