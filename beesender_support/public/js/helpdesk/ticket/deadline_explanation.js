// Why a deadline is when it is.
import { element } from "../../shared/dom.js";
import { rangeInWords } from "../../shared/instants.js";
import { button, openDialog, wordsOf } from "../dialog.js";
import { useStyles } from "../styles.js";
import { instantWithZones, stateOf } from "./promise.js";

// Without a deadline there is nothing to explain line by line.
export function whyButton(page, { due, labels }) {
  return due ? button(labels.why, { onClick: () => openWhy(page) }) : null;
}

export async function openWhy({ call, toast, doc }) {
  try {
    const why = await call("beesender_support.api.portal.explain_deadline", {
      ticket: doc.name,
    });
    if (why) showWhy(why);
    else window.location.reload();
  } catch (error) {
    toast.error(wordsOf(error));
  }
}

function showWhy(why) {
  useStyles("page", "explanation");
  const part = element(
    "div",
    { class: "beesender-panel bare" },
    stateOf(why),
    why.due && instantWithZones(why.due, why),
  );
  openDialog({ title: why.labels.title, body: [part, why.sentence, timeline(why)] });
}

function timeline({ lines, language }) {
  const items = lines.map((line) =>
    element(
      "li",
      { "data-kind": line.kind },
      element("time", { datetime: line.at }, rangeInWords(line, language)),
      element("span", {}, line.words),
    ),
  );
  return element("ol", { class: "beesender-timeline" }, items);
}
