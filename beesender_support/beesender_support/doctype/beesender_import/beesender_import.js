// Desk runs this as a plain script; what the form does is in the module.
const form = import(`${frappe.boot.beesender_public_files}/js/desk/import_form.js`);

frappe.ui.form.on("Beesender Import", {
  setup: async (frm) => (await form).setup(frm),
  refresh: async (frm) => (await form).refresh(frm),
});
