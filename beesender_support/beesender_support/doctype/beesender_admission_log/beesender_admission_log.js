// Desk runs this as a plain script; what it does is in the module.
frappe.ui.form.on("Beesender Admission Log", {
  async refresh(frm) {
    const base = frappe.boot.beesender_public_files;
    const { showNames } = await import(`${base}/js/desk/code_names.js`);
    showNames(frm, { reason: "reason", channel: "channel" });
  },
});
