frappe.query_reports.Renewals = {
  // Left empty, the report chooses the period and says which.
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
    {
      fieldname: "state",
      label: __("Renewal"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("All") },
        { value: "renewed", label: __("Renewed") },
        { value: "drafted", label: __("Drafted") },
        { value: "open", label: __("Not renewed") },
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
      fieldname: "success_manager",
      label: __("Customer-success manager"),
      fieldtype: "Link",
      options: "User",
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
