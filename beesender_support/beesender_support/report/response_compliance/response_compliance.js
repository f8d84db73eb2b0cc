frappe.query_reports["Response compliance"] = {
  // Left empty, the report chooses the period and says which.
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
    {
      fieldname: "group_by",
      label: __("Group by"),
      fieldtype: "Select",
      options: [
        { value: "month_and_tier", label: __("Month and tier") },
        { value: "month", label: __("Month") },
        { value: "tier", label: __("Tier") },
        { value: "priority", label: __("Support priority") },
        { value: "category", label: __("Category") },
        { value: "agent", label: __("Agent") },
        { value: "team", label: __("Team") },
        { value: "customer", label: __("Customer") },
      ],
      default: "month_and_tier",
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
    {
      fieldname: "target",
      label: __("Promise"),
      fieldtype: "Select",
      options: [
        { value: "first_answer", label: __("First answer") },
        { value: "next_answer", label: __("Next answer") },
        { value: "solution", label: __("Solution") },
      ],
      default: "first_answer",
      hidden: 1,
    },
  ],
  async onload(report) {
    const base = frappe.boot.beesender_public_files;
    const { cell } = await import(`${base}/js/desk/report_cells.js`);
    this.formatter = cell;
    const { drawWithAxes } = await import(`${base}/js/desk/report_charts.js`);
    drawWithAxes(report);
    // There is a choice only where more than the first answer is or was sold.
    const api = "beesender_support.api.workspace";
    if (!(await frappe.xcall(`${api}.is_more_promised`))) return;
    const filter = report.get_filter("target");
    filter.df.hidden = 0;
    filter.refresh();
  },
};
