// Desk runs this as a plain script; what it does is in the module.
frappe.ui.form.on("HD Ticket", {
  async refresh(frm) {
    const base = frappe.boot.beesender_public_files;
    const { showNames } = await import(`${base}/js/desk/code_names.js`);
    showNames(frm, {
      beesender_admission_reason: "reason",
      beesender_channel: "channel",
    });
    const { addDecisionButtons } = await import(`${base}/js/desk/decisions.js`);
    addDecisionButtons(frm);
  },
});
