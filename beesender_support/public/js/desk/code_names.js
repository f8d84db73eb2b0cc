// Codes that records hold, shown by the names that people have for them.
frappe.provide("beesender_support");

beesender_support.name_of = function (kind) {
  const names = frappe.boot.beesender_names?.[kind] || {};
  // What is no code may be anybody's text.
  return (value) => names[value] || frappe.utils.escape_html(value || "");
};

// `fields` says of which kind the codes of a field are; lists and forms show their names.
beesender_support.show_names = function (doctype, fields) {
  for (const [fieldname, kind] of Object.entries(fields)) {
    const field = frappe.meta.get_docfield(doctype, fieldname);
    if (field) field.formatter = beesender_support.name_of(kind);
    const standard = frappe.meta.docfield_map[doctype]?.[fieldname];
    if (standard) standard.formatter = beesender_support.name_of(kind);
  }
};
