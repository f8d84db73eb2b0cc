// Desk runs this as a plain script; what the form does is in the module.
const form = import(
  `${frappe.boot.beesender_public_files}/js/desk/service_report_form.js`
);

frappe.ui.form.on("Beesender Service Report", {
  refresh: async (frm) => (await form).refresh(frm),
});
