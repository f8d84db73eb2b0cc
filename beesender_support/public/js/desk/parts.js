// Small parts that the forms of tiers and plans are drawn with. Text always goes in as
// text, never as HTML: names and reasons come from people.
frappe.provide("beesender_support");

Object.assign(beesender_support, {
  // Roles that may re-rate; the server checks them again.
  managers: ["System Manager", "Agent Manager"],

  element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null && value !== false) {
        node.setAttribute(name, value === true ? "" : value);
      }
    }
    node.append(...children.flat(Infinity).filter((child) => child || child === 0));
    return node;
  },

  pill(text, colour) {
    return beesender_support.element(
      "span",
      { class: `indicator-pill no-indicator-dot ${colour}` },
      text
    );
  },

  muted(text) {
    return beesender_support.element("div", { class: "text-muted" }, text);
  },

  // What the policy refuses, said before somebody saves.
  refusal(text) {
    return text
      ? beesender_support.element("div", { class: "form-message red", role: "status" }, text)
      : "";
  },

  link(doctype, name, text) {
    const url = frappe.utils.get_form_link(doctype, name);
    return beesender_support.element("a", { href: url }, text || name);
  },

  // A stretch of a bar, in shares of its length.
  stretch(from, to, kind) {
    const style = `left: ${100 * from}%; width: ${100 * (to - from)}%`;
    return beesender_support.element("span", { class: kind, style });
  },

  mark(at, kind) {
    return beesender_support.element("span", { class: kind, style: `left: ${100 * at}%` });
  },

  bar(...stretches) {
    return beesender_support.element(
      "div",
      { class: "beesender-bar", "aria-hidden": "true" },
      stretches
    );
  },

  date(day) {
    return frappe.datetime.str_to_user(day, false, true);
  },

  // A time of the plan's zone; str_to_user would take it for one of the site's.
  as_it_stands(time) {
    const date_format = frappe.datetime.get_user_date_fmt().toUpperCase();
    return moment(time).format(`${date_format} ${frappe.datetime.get_user_time_fmt()}`);
  },

  // Replaced at once: a form refreshes twice when it is saved.
  fill(frm, fieldname, ...children) {
    frm.fields_dict[fieldname].$wrapper.empty().append(...children.filter(Boolean));
  },

  with_styles() {
    return frappe.require("/assets/beesender_support/css/desk_forms.css");
  },

  // Calls `redraw(frm)` when somebody has stopped typing in one of the fields.
  when_typed(doctype, fieldnames, redraw) {
    const later = frappe.utils.debounce((frm) => redraw(frm), 300);
    const handlers = fieldnames.map((fieldname) => [fieldname, later]);
    frappe.ui.form.on(doctype, Object.fromEntries(handlers));
  },

  // The answer to the latest question of a form; null for one that was overtaken.
  async latest(frm, method, args) {
    const number = (frm.beesender_asked = (frm.beesender_asked || 0) + 1);
    const doc = frm.doc;
    const answer = await frappe.xcall(`beesender_support.api.desk.${method}`, args);
    return number === frm.beesender_asked && doc === frm.doc ? answer : null;
  },
});
