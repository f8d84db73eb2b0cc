// The form of an import: checked, or taken over, and how far it is.
const API = "beesender_support.api.desk";
const AT_WORK = ["Queued", "Running"];
const SHOWN_AGAIN_AFTER = 3000;

export function setup(frm) {
  frappe.realtime.on("beesender_import", ({ name, done }) => {
    if (frm.doc.name === name) frm.dashboard.set_headline(__("Rows read: {0}", [done]));
  });
}

export async function refresh(frm) {
  const zones = await frappe.xcall(`${API}.time_zones`);
  frm.fields_dict.time_zone.set_data(zones);
  if (frm.is_new()) return;
  if (AT_WORK.includes(frm.doc.state)) {
    setTimeout(() => isShown(frm) && frm.reload_doc(), SHOWN_AGAIN_AFTER);
    return;
  }
  frm.add_custom_button(__("Check only"), () => start(frm, true));
  frm.add_custom_button(__("Import"), () => {
    frappe.confirm(
      __("Customers, contacts, draft plans and past tickets are made. Nobody is told."),
      () => start(frm, false),
    );
  });
}

function isShown(frm) {
  return frm.$wrapper.is(":visible") && !frm.is_dirty();
}

async function start(frm, onlyCheck) {
  if (frm.is_dirty()) await frm.save();
  const { name } = frm.doc;
  await frappe.xcall(`${API}.start_import`, { name, only_check: onlyCheck });
  frm.reload_doc();
}
