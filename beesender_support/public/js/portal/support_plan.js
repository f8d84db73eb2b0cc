// The page "My support plan": times in the reader's zone, the wait until support opens,
// and the dialogs about seats. The texts come from the server, ready in the page.

import { element } from "../shared/dom.js";
import { fill } from "../shared/sentences.js";
import { askForSeat } from "./ask_for_seat.js";
import {
  hoursOn,
  localParts,
  MINUTE,
  readersZone,
  waitInWords,
  weekdayAndTime,
} from "./readers_time.js";
import {
  askToEndSeat,
  openSeatDialog,
  openSeatDialogFor,
  sayWhatWasDone,
  submitSeat,
} from "./seats.js";

const COUNT_EVERY = 15_000;
const language = document.documentElement.lang;
const aheadOfUs = new Date(document.body.dataset.now) - Date.now();

function showWeekInReadersZone(week) {
  const pairs = [...week.querySelectorAll("[data-opens]")].map((hours) => {
    const row = hours.closest("tr");
    const { opens, closes } = hours.dataset;
    const yours = hoursOn(row.dataset.day, new Date(opens), new Date(closes), language);
    return { row, theirs: hours.textContent, yours };
  });
  if (pairs.every(({ theirs, yours }) => theirs === yours)) return;
  for (const { row, yours } of pairs) {
    row.querySelector("[data-your-time]").append(element("div", {}, yours));
  }
  const title = week.querySelector("[data-your-zone]");
  title.textContent = fill(title.dataset.sentence, readersZone());
  for (const cell of week.querySelectorAll("[hidden]")) cell.hidden = false;
}

function showInReadersZone(note) {
  const instant = new Date(note.dataset.instant);
  const { day, time } = localParts(instant);
  if (`${day}T${time}` === note.dataset.local) return;
  const words = weekdayAndTime(instant, language);
  note.textContent = fill(note.dataset.sentence, readersZone(), words);
  note.hidden = false;
}

// By the server's clock: the reader's may be wrong.
function timeTo(instant) {
  return new Date(instant) - (Date.now() + aheadOfUs);
}

function countDown(label) {
  const left = timeTo(label.dataset.until);
  if (left <= 0) {
    if (!isAnybodyAtWork()) location.reload();
  } else if (label.dataset.sentence) {
    const wait = waitInWords(Math.ceil(left / MINUTE), label.dataset);
    label.textContent = fill(label.dataset.sentence, wait);
  }
}

// A reload would lose what somebody types, and the place of who uses the keyboard.
function isAnybodyAtWork() {
  if (document.querySelector("dialog[open], form:focus-within, details[open]"))
    return true;
  return document.activeElement?.matches(":focus-visible") ?? false;
}

function onEach(selector, event, act) {
  for (const node of document.querySelectorAll(selector))
    node.addEventListener(event, act);
}

document.querySelectorAll("[data-week]").forEach(showWeekInReadersZone);
document.querySelectorAll("[data-instant]").forEach(showInReadersZone);
for (const label of document.querySelectorAll("[data-until]")) {
  setInterval(() => countDown(label), COUNT_EVERY);
}
onEach("[data-open-dialog]", "click", ({ currentTarget }) =>
  openSeatDialog(currentTarget.dataset.openDialog),
);
onEach("[data-end-seat]", "click", ({ currentTarget }) => askToEndSeat(currentTarget));
onEach("dialog [data-close]", "click", ({ currentTarget }) =>
  currentTarget.closest("dialog").close(),
);
onEach("form[data-endpoint]", "submit", submitSeat);
onEach("[data-ask-for-seat]", "click", askForSeat);
sayWhatWasDone();
openSeatDialogFor(new URLSearchParams(location.search).get("seat"));
