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
  ],
};
