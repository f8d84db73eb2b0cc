// Cells of reports: a number opens the tickets behind it, and text is shown as text.

// The address of a list of tickets, filtered: `listed` holds an operator and a value for
// each field.
export function listAddress(listed, desk) {
  const filters = new URLSearchParams();
  for (const [field, filter] of Object.entries(listed))
    filters.set(field, JSON.stringify(filter));
  return `/${desk}/hd-ticket?${filters}`;
}

// As Frappe formats it; `column.listed` and `row.listed` come from the server.
export function cell(value, _row, column, data, format) {
  // Frappe writes text into its cells as HTML.
  const isText = column.fieldtype === "Data" && typeof value === "string";
  const shown = format(
    isText ? frappe.utils.escape_html(value) : value,
    _row,
    column,
    data,
  );
  if (!value || !column.listed || !data?.listed) return shown;
  const [, desk] = location.pathname.split("/");
  const address = listAddress({ ...column.listed, ...data.listed }, desk);
  return `<a href="${frappe.utils.escape_html(address)}">${shown}</a>`;
}
