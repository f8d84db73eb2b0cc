// Desk runs this as a plain script; what it does is in the modules.
frappe.ui.form.on("Beesender Admission Log", {
  async refresh(frm) {
    const base = frappe.boot.beesender_public_files;
    const [{ showNames }, { addKeptActions }] = await Promise.all([
      import(`${base}/js/desk/code_names.js`),
      import(`${base}/js/desk/kept_mail.js`),
    ]);
    showNames(frm, { reason: "reason", channel: "channel" });
    addKeptActions(frm);
  },
});
