// Desk runs this as a plain script; what the form does is in the module.
const form = import(`${frappe.boot.beesender_public_files}/js/desk/calendar_form.js`);

frappe.ui.form.on("Beesender Holiday Calendar", {
  refresh: async (frm) => (await form).refresh(frm),
  after_save: async (frm) => (await form).afterSave(frm),
});
