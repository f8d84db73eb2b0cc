// The form of a widget: the snippet to copy.
import { element } from "../shared/dom.js";
import { fillField, loadStyles } from "./forms.js";

const SCRIPT = "/assets/beesender_support/js/widget.js";

export async function refresh(frm) {
  offerZones(frm);
  await loadStyles();
  drawSnippet(frm);
}

async function offerZones(frm) {
  const zones = await frappe.xcall("beesender_support.api.desk.time_zones");
  frm.fields_dict.time_zone.set_data(zones);
}

function drawSnippet(frm) {
  if (frm.is_new()) {
    const words = __("Save it first, then copy the snippet into your pages.");
    return fillField(frm, "snippet", element("p", { class: "text-muted" }, words));
  }
  const snippet = snippetOf(window.location.origin, frm.doc.name);
  const copy = element(
    "button",
    { type: "button", class: "btn btn-default btn-sm" },
    __("Copy"),
  );
  copy.addEventListener("click", () => frappe.utils.copy_to_clipboard(snippet));
  fillField(
    frm,
    "snippet",
    element("p", {}, __("Put this before the end of the body of your pages:")),
    element("pre", { class: "beesender-snippet" }, snippet),
    copy,
  );
}

export function snippetOf(site, widget) {
  return `<script src="${site}${SCRIPT}" data-site="${site}" data-widget="${widget}" async></script>`;
}
