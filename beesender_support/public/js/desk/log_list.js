frappe.listview_settings["Beesender Admission Log"] = {
  formatters: {
    event: (value) => __(value),
    reason: beesender_support.name_of("reason"),
    channel: beesender_support.name_of("channel"),
  },
};
