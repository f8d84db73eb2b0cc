// Why the deadlines of a request are when they are.
import { element } from "../../shared/dom.js";
import { rangeInWords } from "../../shared/instants.js";
import { button, openDialog, wordsOf } from "../dialog.js";
import { useStyles } from "../styles.js";
import { instantWithZones, stateOf } from "./promise.js";

// Without a promise there is nothing to explain line by line.
export function whyButton(page, { promises, labels }) {
  if (!promises.length) return null;
  return button(labels.why, { onClick: () => openWhy(page) });
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
  const parts = why.explained.map((explained) => partOf(explained, why));
  const body = parts.length
    ? parts.flat()
    : [standing(why, why), why.sentence, timeline(why.lines, why.language)];
  openDialog({ title: why.labels.title, body });
}

// One of several targets under a heading of its own.
function partOf({ target, title, lines }, why) {
  const promise = why.promises.find((each) => each.target === target);
  const heading = why.explained.length > 1 && element("h3", {}, title);
  return [
    ...(heading ? [heading] : []),
    ...(promise ? [standing(promise, why), promise.sentence] : []),
    timeline(lines, why.language),
  ];
}

function standing(promise, { zones, language }) {
  return element(
    "div",
    { class: "beesender-panel bare" },
    stateOf(promise),
    promise.due && instantWithZones(promise.due, { zones, language }),
  );
}

function timeline(lines, language) {
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
