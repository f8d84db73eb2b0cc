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
  ],
};
