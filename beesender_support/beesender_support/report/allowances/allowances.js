frappe.query_reports.Allowances = {
  filters: [
    {
      fieldname: "customer",
      label: __("Customer"),
      fieldtype: "Link",
      options: "HD Customer",
    },
    {
      fieldname: "plan",
      label: __("Plan"),
      fieldtype: "Link",
      options: "Beesender Support Plan",
    },
    {
      fieldname: "tier",
      label: __("Tier"),
      fieldtype: "Link",
      options: "Beesender Tier",
    },
    {
      fieldname: "show",
      label: __("Show"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("All") },
        { value: "used_up", label: __("Used up") },
        { value: "reserved", label: __("With reservations") },
        { value: "billable", label: __("With a billable part") },
      ],
    },
  ],
  async onload() {
    const base = frappe.boot.beesender_public_files;
    const { cell } = await import(`${base}/js/desk/report_cells.js`);
    this.formatter = cell;
  },
};
