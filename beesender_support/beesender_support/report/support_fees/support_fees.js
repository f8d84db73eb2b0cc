frappe.query_reports["Support fees"] = {
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
    {
      fieldname: "group_by",
      label: __("Sum up by"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("Nothing") },
        { value: "month", label: __("Month") },
        { value: "tier", label: __("Tier") },
        { value: "manager", label: __("Customer-success manager") },
      ],
    },
    {
      fieldname: "tier",
      label: __("Tier"),
      fieldtype: "Link",
      options: "Beesender Tier",
    },
    {
      fieldname: "success_manager",
      label: __("Customer-success manager"),
      fieldtype: "Link",
      options: "User",
    },
    { fieldname: "with_drafts", label: __("Drafts, too"), fieldtype: "Check" },
  ],
  async onload(report) {
    const base = frappe.boot.beesender_public_files;
    const { cell } = await import(`${base}/js/desk/report_cells.js`);
    this.formatter = cell;
    const { drawWithAxes } = await import(`${base}/js/desk/report_charts.js`);
    drawWithAxes(report);
    report.page.add_inner_button(__("Invoice lines (CSV)"), () => {
      const method = "/api/method/beesender_support.api.plans.invoice_lines";
      const filters = JSON.stringify(report.get_filter_values());
      window.open(`${method}?${new URLSearchParams({ filters })}`);
    });
  },
};
