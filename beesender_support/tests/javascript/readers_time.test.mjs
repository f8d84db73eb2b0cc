// The week of a plan in GMT+3 as a reader in Berlin sees it, and the wait in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hoursOn,
  localParts,
  readersZone,
  waitInWords,
  weekdayAndTime,
} from "../../public/js/portal/readers_time.js";

process.env.TZ = "Europe/Berlin";
const at = (text) => new Date(text);
const hours = (day, opens, closes) => hoursOn(day, at(opens), at(closes), "en");

test("day and time are those of the reader's clock", () => {
  assert.deepEqual(localParts(at("2026-11-20T23:05:00Z")), {
    day: "2026-11-21",
    time: "00:05",
  });
  assert.equal(readersZone(), "Europe/Berlin");
});

test("hours on the row's own day are times alone", () => {
  assert.equal(
    hours("2026-11-20", "2026-11-20T09:00:00+03:00", "2026-11-20T18:00:00+03:00"),
    "07:00–16:00",
  );
});

test("what falls on another day names it", () => {
  assert.equal(
    hours("2026-11-20", "2026-11-20T00:30:00+03:00", "2026-11-20T04:00:00+03:00"),
    "Thu 22:30–02:00",
  );
  assert.equal(
    hours("2026-11-20", "2026-11-20T20:00:00-03:00", "2026-11-20T22:00:00-03:00"),
    "Sat 00:00–Sat 02:00",
  );
});

test("the midnight that ends the day is its 24:00", () => {
  assert.equal(
    hours("2026-11-20", "2026-11-20T00:00:00+01:00", "2026-11-21T00:00:00+01:00"),
    "00:00–24:00",
  );
});

test("the midnight that ends another day is named by the day that begins", () => {
  assert.equal(
    hours("2026-11-21", "2026-11-20T22:00:00+01:00", "2026-11-21T00:00:00+01:00"),
    "Fri 22:00–00:00",
  );
});

test("summer time moves the reader and not the plan", () => {
  assert.equal(
    hours("2026-07-20", "2026-07-20T09:00:00+03:00", "2026-07-20T18:00:00+03:00"),
    "08:00–17:00",
  );
});

test("a weekday is named in the reader's language", () => {
  assert.equal(weekdayAndTime(at("2026-11-20T16:30:00Z"), "ru"), "пт 17:30");
});

const FORMS = {
  minutes: "{0} min",
  hours: "{0} h {1} min",
  wholeHours: "{0} h",
  days: "{0} d {1} h",
  wholeDays: "{0} d",
};

for (const [minutes, words] of [
  [0, "0 min"],
  [59, "59 min"],
  [60, "1 h"],
  [61, "1 h 1 min"],
  [24 * 60 - 1, "23 h 59 min"],
  [24 * 60, "1 d"],
  [24 * 60 + 59, "1 d"],
  [49 * 60 + 30, "2 d 1 h"],
]) {
  test(`a wait of ${minutes} minutes is ${words}`, () => {
    assert.equal(waitInWords(minutes, FORMS), words);
  });
}
