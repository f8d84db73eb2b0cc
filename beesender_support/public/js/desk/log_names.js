const names_in_log = { reason: "reason", channel: "channel" };

frappe.ui.form.on("Beesender Admission Log", {
  setup: () => beesender_support.show_names("Beesender Admission Log", names_in_log),
});
