// Desk runs this as a plain script.
frappe.ui.form.on("HD Team", {
  async refresh(frm) {
    frm.set_query("beesender_lead", () => ({ filters: { user_type: "System User" } }));
    if (!frappe.model.can_read("Beesender Support Plan")) return;
    const field = frm.fields_dict.beesender_time_zone;
    // The zones arrive after the value is drawn, which must not be emptied meanwhile.
    field.df.ignore_validation = 1;
    field.set_data(await frappe.xcall("beesender_support.api.desk.time_zones"));
  },
});
