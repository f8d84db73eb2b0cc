frappe.query_reports["Broken promises"] = {
  // Left empty, the report chooses the period and says which.
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
    {
      fieldname: "target",
      label: __("Promise"),
      fieldtype: "Select",
      options: [
        { value: "all", label: __("All") },
        { value: "first_answer", label: __("First answer") },
        { value: "next_answer", label: __("Next answer") },
        { value: "solution", label: __("Solution") },
      ],
      default: "all",
    },
    {
      fieldname: "reason",
      label: __("Reason"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("All") },
        { value: "given_late", label: __("Given late") },
        { value: "closed_unkept", label: __("Closed without it") },
        { value: "not_given", label: __("Not given yet") },
      ],
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
