// The form of a kind of notice: its texts as their readers see them, in each language.
import { element } from "../shared/dom.js";
import { fillField, latestAnswer, loadStyles } from "./forms.js";
import { refusal } from "./parts.js";

export async function refresh(frm) {
  if (frm.is_new()) return;
  await loadStyles();
  const answer = await latestAnswer(frm, "notice_preview", { kind: frm.doc.name });
  if (!answer) return;
  fillField(frm, "preview", variables(answer.variables), answer.previews.map(preview));
}

function variables(known) {
  return element(
    "details",
    {},
    element("summary", {}, __("What a text may use")),
    element(
      "dl",
      {},
      known.map(({ name, meaning }) => [
        element("dt", {}, element("code", {}, `{{ ${name} }}`)),
        element("dd", {}, meaning),
      ]),
    ),
  );
}

function preview({ language, language_name, subject, message, fault }) {
  return element(
    "section",
    { lang: language, class: "beesender-notice-preview" },
    element("h5", {}, `${language_name}: `, element("span", {}, subject)),
    fault ? refusal(fault) : page(language_name, message),
  );
}

// What an admin wrote is shown as mail shows it, and can do nothing else.
function page(title, message) {
  return element("iframe", {
    title,
    sandbox: "",
    srcdoc: message,
    style: "width: 100%; height: 14rem; background: white; border: 1px solid #ddd",
  });
}
