// What the forms of tiers and plans do with Desk.
import { rememberFocus } from "../shared/focus.js";

const questions = new WeakMap();

// Replaced at once: a form refreshes twice when it is saved.
export function fillField(frm, fieldname, ...children) {
  frm.fields_dict[fieldname].$wrapper.empty().append(...children.filter(Boolean));
}

export function loadStyles() {
  return frappe.require(new URL("../../css/desk_forms.css", import.meta.url).pathname);
}

// Calls `redraw(frm)` when somebody has stopped typing in one of the fields, which are
// given by DocType. Rows of a table count as fields: `<table>_add`, `<table>_remove`.
export function whenTyped(fieldnames, redraw) {
  const later = frappe.utils.debounce((frm) => redraw(frm), 300);
  for (const [doctype, names] of Object.entries(fieldnames)) {
    frappe.ui.form.on(doctype, Object.fromEntries(names.map((name) => [name, later])));
  }
}

// The response to the latest request of a form; null for an outdated one.
export async function latestAnswer(frm, method, args) {
  const question = { doc: frm.doc };
  questions.set(frm, question);
  const answer = await frappe.xcall(`beesender_support.api.desk.${method}`, args);
  return questions.get(frm) === question && question.doc === frm.doc ? answer : null;
}

// Desk's dialogs hold the focus and close by Escape; where it was, they do not remember.
export function showDialog(dialog) {
  dialog.$wrapper.one("hidden.bs.modal", rememberFocus());
  dialog.show();
}
