// A list draws its rows at once and waits for no module.
const nameOf = (kind) => (code) =>
  frappe.boot.beesender_names[kind][code] || frappe.utils.escape_html(code || "");

const QUEUE = { Open: "orange", "Made a ticket": "green", Dismissed: "gray" };

frappe.listview_settings["Beesender Admission Log"] = {
  add_fields: ["queue_state"],
  // Only of what could not be registered.
  get_indicator: ({ queue_state }) =>
    queue_state && [
      __(queue_state),
      QUEUE[queue_state],
      `queue_state,=,${queue_state}`,
    ],
  formatters: {
    event: (value) => __(value),
    reason: nameOf("reason"),
    channel: nameOf("channel"),
  },
};
