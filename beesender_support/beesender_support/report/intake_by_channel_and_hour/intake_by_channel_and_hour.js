frappe.query_reports["Intake by channel and hour"] = {
  // Left empty, the report chooses the period and says which.
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
    {
      fieldname: "group_by",
      label: __("Group by"),
      fieldtype: "Select",
      options: [
        { value: "hour", label: __("Hour of the week") },
        { value: "verdict", label: __("Decision and reason") },
        { value: "channel", label: __("Channel") },
        { value: "month", label: __("Month") },
        { value: "customer", label: __("Customer") },
      ],
      default: "hour",
    },
    {
      fieldname: "verdict",
      label: __("Decision"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("All") },
        { value: "Accepted", label: __("Accepted") },
        { value: "Held", label: __("Held") },
        { value: "Declined", label: __("Declined") },
      ],
    },
    {
      fieldname: "channel",
      label: __("Channel"),
      fieldtype: "Link",
      options: "Beesender Channel",
    },
    {
      fieldname: "tier",
      label: __("Tier"),
      fieldtype: "Link",
      options: "Beesender Tier",
    },
    {
      fieldname: "customer",
      label: __("Customer"),
      fieldtype: "Link",
      options: "HD Customer",
    },
    {
      fieldname: "priority",
      label: __("Support priority"),
      fieldtype: "Link",
      options: "Beesender Priority",
    },
    {
      fieldname: "category",
      label: __("Category"),
      fieldtype: "Link",
      options: "HD Ticket Type",
    },
    {
      fieldname: "agent",
      label: __("Agent"),
      fieldtype: "Link",
      options: "HD Agent",
    },
    {
      fieldname: "team",
      label: __("Team"),
      fieldtype: "Link",
      options: "HD Team",
    },
  ],
  async onload(report) {
    const base = frappe.boot.beesender_public_files;
    const { cell } = await import(`${base}/js/desk/report_cells.js`);
    this.formatter = cell;
    const { drawWithAxes } = await import(`${base}/js/desk/report_charts.js`);
    drawWithAxes(report);
  },
};
