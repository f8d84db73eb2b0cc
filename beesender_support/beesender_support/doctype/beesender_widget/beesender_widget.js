// Desk runs this as a plain script; what the form does is in the module.
const form = import(`${frappe.boot.beesender_public_files}/js/desk/widget_form.js`);

frappe.ui.form.on("Beesender Widget", {
  setup: async (frm) => (await form).setup(frm),
  refresh: async (frm) => (await form).refresh(frm),
});
