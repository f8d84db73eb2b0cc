// Desk runs this as a plain script; what the list does is in the modules.
const findings = () =>
  import(`${frappe.boot.beesender_public_files}/js/desk/findings.js`);

frappe.listview_settings["Beesender Finding"] = {
  hide_name_column: true,
  add_fields: ["code", "place_doctype", "place", "accepted"],
  filters: [["accepted", "=", 0]],
  get_indicator: ({ severity, accepted }) =>
    accepted
      ? [__("Accepted"), "gray", "accepted,=,1"]
      : [
          __(severity),
          { Error: "red", Warning: "orange", Note: "blue" }[severity],
          `severity,=,${severity}`,
        ],
  formatters: { place_doctype: (value) => __(value) },
  button: {
    show: ({ code, place }) => place || code === "zone_rules_changed",
    get_label: labelOf,
    get_description: labelOf,
    action: async (row) => (await findings()).act(row, window.cur_list),
  },
  onload: async (listview) => (await findings()).onload(listview),
  refresh: async (listview) => (await findings()).refresh(listview),
};

// A list draws its buttons at once and waits for no module.
function labelOf({ code }) {
  return frappe.boot.beesender_mends[code] || __("Open it");
}
