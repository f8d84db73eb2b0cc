frappe.query_reports["Response compliance"] = {
  // Left empty, the report chooses the period and says which.
  filters: [
    { fieldname: "from_date", label: __("From"), fieldtype: "Date" },
    { fieldname: "to_date", label: __("To"), fieldtype: "Date" },
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
  // There is a choice only where more than the first answer is or was sold.
  async onload(report) {
    const api = "beesender_support.api.workspace";
    if (!(await frappe.xcall(`${api}.is_more_promised`))) return;
    const filter = report.get_filter("target");
    filter.df.hidden = 0;
    filter.refresh();
  },
};
