// Desk runs this as a plain script; what the form does is in the module.
const form = import(`${frappe.boot.beesender_public_files}/js/desk/findings.js`);

frappe.ui.form.on("Beesender Finding", {
  refresh: async (frm) => (await form).refreshForm(frm),
});
