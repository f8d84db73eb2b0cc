// The cells of Helpdesk's lists that say how a promise stands. A row is known by its link
// to a ticket, and a cell by its words, so nothing here depends on Helpdesk's classes:
// what is not found stays as Helpdesk drew it.
import { nextChange, standingAt } from "../../shared/countdown.js";

const MINUTE = 60_000;
const LINK = /\/helpdesk\/(?:my-)?tickets\/([^/?#]+)$/;
const ROWS = "a[href*='/helpdesk/']";
// A cell may have been drawn some minutes before the facts arrived.
const MINUTES_BACK = 3;

// Rows of tickets on the page: {ticket, row}.
export function rowsOnPage(page = document) {
  return [...page.querySelectorAll(ROWS)]
    .map((row) => ({ row, ticket: ticketOf(row.getAttribute("href")) }))
    .filter(({ ticket, row }) => ticket && row.querySelector("input[type=checkbox]"));
}

export function ticketOf(address) {
  const found = LINK.exec(address.split("?")[0]);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    // Of a link that somebody wrote by hand.
    return null;
  }
}

// All that a row says, to tell whether it says something new.
export function wordsOf(row) {
  return textsOf(row)
    .map((node) => node.textContent)
    .join("\n");
}

// Colours the cells of a row that say one of `promises`, and brings their words up to
// date. Returns when one of them next changes.
export function colourRow(row, promises, words, instant) {
  const cells = textsOf(row);
  const changes = [Number.POSITIVE_INFINITY];
  const coloured = new Set();
  for (const [place, promise] of promises.entries()) {
    const now = standingAt(promise, words, instant);
    for (const cell of cells) {
      if (coloured.has(cell) || !isOf(cell, place, promise, words, instant)) continue;
      coloured.add(cell);
      colour(cell, place, now);
      changes.push(nextChange(promise, instant));
    }
  }
  for (const cell of cells) if (!coloured.has(cell)) removeColour(cell);
  return Math.min(...changes);
}

export function removeColour(cell) {
  if (!("beesenderState" in cell.dataset)) return;
  for (const name of ["beesenderState", "beesenderPlace", "beesenderWords"])
    delete cell.dataset[name];
}

function textsOf(row) {
  return [...row.querySelectorAll("span, div")].filter(
    (node) => !node.children.length && node.textContent.trim(),
  );
}

// Whether a cell says the promise: it was coloured for it and nobody has changed its words
// since, or it says what the server said lately.
function isOf({ dataset, textContent }, place, promise, words, instant) {
  if (dataset.beesenderWords === textContent) {
    return dataset.beesenderPlace === String(place);
  }
  if (textContent === promise.label) return true;
  for (let back = -1; back <= MINUTES_BACK; back += 1) {
    const then = standingAt(promise, words, instant - back * MINUTE);
    if (textContent === then.label) return true;
  }
  return false;
}

// An unchanged cell is left alone, or drawing would never end.
function colour(cell, place, { state, label }) {
  if (cell.textContent !== label) cell.textContent = label;
  const marks = { State: state, Place: String(place), Words: label };
  for (const [name, value] of Object.entries(marks)) {
    const key = `beesender${name}`;
    if (cell.dataset[key] !== value) cell.dataset[key] = value;
  }
}
