// Codes that records hold, shown by their names.

// The names of a kind of codes, as HTML: anything else may be anybody's text.
export function nameOf(kind) {
  const names = frappe.boot.beesender_names?.[kind] || {};
  return (code) => names[code] || frappe.utils.escape_html(code || "");
}

// `kinds` says of which kind the codes of a field are; forms and lists show their names.
export function showNames(frm, kinds) {
  const { doctype, docname } = frm;
  for (const [fieldname, kind] of Object.entries(kinds)) {
    const fields = [
      frappe.meta.get_docfield(doctype, fieldname),
      frappe.meta.get_docfield(doctype, fieldname, docname),
      frappe.meta.docfield_map[doctype]?.[fieldname],
    ];
    for (const field of fields.filter(Boolean)) field.formatter = nameOf(kind);
    frm.refresh_field(fieldname);
  }
}
