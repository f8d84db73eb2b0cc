// A list draws its rows at once and waits for no module.
const nameOf = (kind) => (code) =>
  frappe.boot.beesender_names[kind][code] || frappe.utils.escape_html(code || "");

frappe.listview_settings["Beesender Admission Log"] = {
  formatters: {
    event: (value) => __(value),
    reason: nameOf("reason"),
    channel: nameOf("channel"),
  },
};
