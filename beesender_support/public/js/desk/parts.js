// Small parts that the forms of tiers and plans are drawn with.
import { element } from "../shared/dom.js";

export function pill(text, colour) {
  return element("span", { class: `indicator-pill no-indicator-dot ${colour}` }, text);
}

export function muted(text) {
  return element("div", { class: "text-muted" }, text);
}

// What the policy refuses, said before somebody saves.
export function refusal(text) {
  return text
    ? element("div", { class: "form-message red", role: "status" }, text)
    : "";
}

export function link(doctype, name, text) {
  return element(
    "a",
    { href: frappe.utils.get_form_link(doctype, name) },
    text || name,
  );
}

// How many records a change concerns, as `counted` says, and the first plans among them.
export function concernedPlans(counted, number, named) {
  const links = named.flatMap(({ name, customer }) => [
    link("Beesender Support Plan", name, `${customer} (${name})`),
    ", ",
  ]);
  const more = number - named.length;
  const last = more > 0 ? __("and {0} more", [more]) : "";
  return [
    element("p", { class: "text-muted" }, counted),
    links.length && element("p", {}, links.slice(0, more > 0 ? undefined : -1), last),
  ];
}

// A bar of 100 % with stretches {from, to, kind} and marks {at, kind} on it, in shares of
// its length.
export function bar(stretches, marks = []) {
  const percent = (share) => `${100 * share}%`;
  return element(
    "div",
    { class: "beesender-bar", "aria-hidden": "true" },
    stretches.map(({ from, to, kind }) => {
      const style = `left: ${percent(from)}; width: ${percent(to - from)}`;
      return element("span", { class: kind, style });
    }),
    marks.map(({ at, kind }) =>
      element("span", { class: kind, style: `left: ${percent(at)}` }),
    ),
  );
}

// `heads` are texts, or cells made before; `rows` are rows made before.
export function table(look, heads, rows, caption) {
  const cells = heads.map((head) =>
    head instanceof Node ? head : element("th", { scope: "col" }, head),
  );
  return element(
    "table",
    { class: `table beesender-table ${look}`.trim() },
    caption && element("caption", { class: "sr-only" }, caption),
    element("thead", {}, element("tr", {}, cells)),
    element("tbody", {}, rows),
  );
}

// What may be wider or higher than its place; the keyboard can scroll it.
export function scrollable(label, content) {
  const region = {
    class: "beesender-scroll",
    tabindex: 0,
    role: "region",
    "aria-label": label,
  };
  return element("div", region, content);
}

export function dateInWords(day) {
  return frappe.datetime.str_to_user(day, false, true);
}

// A time of the plan's zone; str_to_user would take it for one of the site's.
export function timeAsItStands(time) {
  const dateFormat = frappe.datetime.get_user_date_fmt().toUpperCase();
  return moment(time).format(`${dateFormat} ${frappe.datetime.get_user_time_fmt()}`);
}

export function inReadersZone(time) {
  return __("{0} in your time zone", [frappe.datetime.str_to_user(time)]);
}
