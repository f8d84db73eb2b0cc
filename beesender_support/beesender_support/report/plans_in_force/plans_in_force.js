frappe.query_reports["Plans in force"] = {
  filters: [
    {
      fieldname: "show",
      label: __("Show"),
      fieldtype: "Select",
      options: [
        { value: "", label: __("All") },
        { value: "near_limit", label: __("Seats near the limit") },
        { value: "ends_soon", label: __("Ending soon") },
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
  ],
  async onload() {
    const base = frappe.boot.beesender_public_files;
    const { cell } = await import(`${base}/js/desk/report_cells.js`);
    this.formatter = cell;
  },
};
