// The form of a widget: the snippet to copy, and the widget as it will look.
import { element } from "../shared/dom.js";
import { hostOf, widgetIn } from "../widget/main.js";
import { fillField, latestAnswer, loadStyles, whenTyped } from "./forms.js";
import { refusal } from "./parts.js";

const WIDGET = "Beesender Widget";
const SCRIPT = "/assets/beesender_support/js/widget.js";
const TYPED = [
  ...["title", "tier", "time_zone", "colour", "colour_in_the_dark", "side"],
  ...["greeting_en", "greeting_ru"],
];
const LANGUAGES = ["en", "ru"];
// The preview calls nobody: whatever is sent in it is answered like this.
const NOBODY = { call: async () => ({ session: null }), file: async () => null };

const previews = new WeakMap();

whenTyped({ [WIDGET]: TYPED }, drawPreview);

export async function setup(frm) {
  const field = frm.get_field("time_zone");
  // A name that is not offered stays visible: saving refuses it by that name.
  field.df.ignore_validation = 1;
  field.set_data(await frappe.xcall("beesender_support.api.desk.time_zones"));
}

export async function refresh(frm) {
  await loadStyles();
  drawSnippet(frm);
  drawPreview(frm);
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

async function drawPreview(frm) {
  const language = frm.beesenderLanguage ?? LANGUAGES[0];
  const answer = await latestAnswer(frm, "widget_preview", {
    values: frm.doc,
    language,
  });
  if (!answer) return;
  const { page, refusal: refused, warnings } = answer;
  const { told, languages, frame } = previewOf(frm);
  for (const button of languages.children) {
    button.setAttribute("aria-pressed", String(button.value === language));
  }
  frame.hidden = !page;
  if (!page) return told.replaceChildren(refusal(refused));
  told.replaceChildren(
    ...warnings.map((each) => element("p", { class: "form-message yellow" }, each)),
  );
  const { host, root } = hostOf(page);
  frame.replaceChildren(host);
  const site = window.location.origin;
  widgetIn(root, { site, page, storage: null, server: NOBODY, isPreview: true });
}

// Its parts stay while it is drawn again: a button of them may have the focus.
function previewOf(frm) {
  const shown = previews.get(frm);
  if (shown?.frame.isConnected) return shown;
  const preview = {
    told: element("div", {}),
    languages: languagesOf(frm),
    frame: element("div", { class: "beesender-widget-preview" }),
  };
  fillField(frm, "preview", ...Object.values(preview));
  previews.set(frm, preview);
  return preview;
}

function languagesOf(frm) {
  const buttons = LANGUAGES.map((language) => {
    const button = element(
      "button",
      { type: "button", class: "btn btn-default btn-sm", value: language },
      language === "ru" ? __("Russian") : __("English"),
    );
    button.addEventListener("click", () => {
      frm.beesenderLanguage = language;
      drawPreview(frm);
    });
    return button;
  });
  return element(
    "div",
    { class: "btn-group", role: "group", "aria-label": __("Language") },
    buttons,
  );
}
