// The form of a service report: the page as the client reads it, and sending it.
import { fillField } from "./forms.js";
import { about, page, send } from "./service_report.js";

const API = "beesender_support.api.desk";

export async function refresh(frm) {
  fillField(frm, "shown");
  frm.set_intro("");
  const isSent = frm.doc.status === "Sent";
  for (const field of ["report_language", "comment"]) {
    frm.set_df_property(field, "read_only", isSent);
  }
  if (frm.is_new()) return;
  const { name } = frm.doc;
  const report = await frappe.xcall(`${API}.service_report`, { name });
  if (frm.doc.name !== name) return;
  fillField(frm, "shown", about(report), page(report));
  if (isSent) return;
  frm.add_custom_button(__("Count again"), async () => {
    const { plan, month } = frm.doc;
    await frappe.xcall(`${API}.make_service_report`, { plan, month });
    frm.reload_doc();
  });
  if (report.problem) return;
  frm.add_custom_button(__("Send"), async () => {
    if (frm.is_dirty()) {
      frappe.msgprint(__("Save first: what is saved is sent."));
      return;
    }
    if (await send(report)) frm.reload_doc();
  });
}
