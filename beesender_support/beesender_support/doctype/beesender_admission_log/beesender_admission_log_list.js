// A list draws its rows at once and waits for no module. It takes text for a selector of
// jQuery, which a fault's own words may break.
const nameOf = (kind) => (code) => {
  const names = frappe.boot.beesender_names[kind];
  return `<span>${names[code] || frappe.utils.escape_html(code || "")}</span>`;
};

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
