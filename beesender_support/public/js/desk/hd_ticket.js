const names_on_ticket = { beesender_admission_reason: "reason", beesender_channel: "channel" };

frappe.ui.form.on("HD Ticket", {
  setup: () => beesender_support.show_names("HD Ticket", names_on_ticket),
});
