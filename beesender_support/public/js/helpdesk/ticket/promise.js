// How a promise stands, as the panels and dialogs of a ticket show it. The words come from
// the server.
import { element } from "../../shared/dom.js";
import { elsewhere, instantInWords } from "../../shared/instants.js";

// "Mon, 23 Nov, 12:30", and below it the same in other zones.
export function instantWithZones(instant, promise) {
  const also = elsewhere(instant, promise).map((words) =>
    element("span", { class: "also" }, words),
  );
  return element("div", {}, instantInWords(instant, promise.language), also);
}

export function stateOf({ state, label }) {
  return element("span", { class: "beesender-state", "data-state": state }, label);
}

// A description list of rows [label, text or node]; an empty value has no row.
export function listOf(rows) {
  const list = element("dl");
  for (const [label, value] of rows) {
    if (value) list.append(element("dt", {}, label), element("dd", {}, value));
  }
  return list;
}

// What is promised, and when it was answered or solved, for a panel.
export function promiseRows(glance) {
  if (!glance.promises.length) return [[glance.labels.state, stateOf(glance)]];
  return glance.promises.flatMap((promise) => rowsOfTarget(promise, glance));
}

function rowsOfTarget(promise, { zones, language }) {
  const { title, due, settled, labels } = promise;
  return [
    [title, stateOf(promise)],
    [labels.due, due && instantWithZones(due, { zones, language })],
    [labels.settled, settled && instantInWords(settled, language)],
  ];
}
