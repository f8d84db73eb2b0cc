// A list draws its rows at once and waits for no module.
frappe.listview_settings["Beesender Notice"] = {
  hide_name_column: true,
  formatters: { title: (value) => frappe.utils.escape_html(__(value)) },
};
