// Instants as a reader in Chatham (UTC+13:45 in summer) sees them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asLocalInput,
  elsewhere,
  fromLocalInput,
  instantInWords,
  rangeInWords,
} from "../../public/js/shared/instants.js";

process.env.TZ = "Pacific/Chatham";
const INSTANT = "2026-11-23T09:30:00+00:00";

test("an instant is shown on the reader's clock, in the reader's language", () => {
  assert.equal(instantInWords(INSTANT, "en"), "Mon, Nov 23, 23:15");
  assert.equal(instantInWords(INSTANT, "ru"), "пн, 23 нояб., 23:15");
});

test("an instant is shown in a zone that is named", () => {
  assert.equal(instantInWords(INSTANT, "en", "Etc/GMT-3"), "Mon, Nov 23, 12:30");
});

test("midnight is the first minute of a day", () => {
  assert.equal(
    instantInWords("2026-11-23T00:00:00+00:00", "en", "UTC"),
    "Mon, Nov 23, 00:00",
  );
});

test("a zone that the browser does not know has no words", () => {
  assert.equal(instantInWords(INSTANT, "en", "Mars/Olympus"), null);
});

test("a range names its day once, and one instant is no range", () => {
  const range = { at: INSTANT, until: "2026-11-23T10:10:00+00:00" };
  assert.match(rangeInWords(range, "en"), /^Mon, Nov 23, 23:15\s–\s23:55$/);
  assert.equal(rangeInWords({ at: INSTANT }, "en"), "Mon, Nov 23, 23:15");
});

test("a range over midnight names both days", () => {
  const range = { at: INSTANT, until: "2026-11-23T11:00:00+00:00" };
  assert.match(rangeInWords(range, "en"), /Mon, Nov 23, 23:15\s–\sTue, Nov 24, 00:45/);
});

test("elsewhere is told where it reads differently, in zones that are known", () => {
  const zones = [
    { label: "plan", time_zone: "Etc/GMT-3" },
    { label: "reader", time_zone: "Pacific/Chatham" },
    { label: "client", time_zone: null },
    { label: "nobody", time_zone: "Mars/Olympus" },
  ];
  assert.deepEqual(elsewhere(INSTANT, { zones, language: "en" }), [
    "Mon, Nov 23, 12:30 (plan)",
  ]);
});

test("a field for a local time holds the minute of the reader's clock", () => {
  assert.equal(asLocalInput(new Date("2026-11-23T09:30:59Z")), "2026-11-23T23:15");
  assert.equal(asLocalInput(new Date("2026-11-23T11:00:00Z")), "2026-11-24T00:45");
});

test("it is that minute also while the clocks change", () => {
  process.env.TZ = "America/New_York";
  try {
    assert.equal(asLocalInput(new Date("2026-11-01T11:30:00Z")), "2026-11-01T06:30");
    assert.equal(asLocalInput(new Date("2026-11-01T06:30:00Z")), "2026-11-01T01:30");
    assert.equal(asLocalInput(new Date("2026-03-08T07:30:00Z")), "2026-03-08T03:30");
  } finally {
    process.env.TZ = "Pacific/Chatham";
  }
});

test("what is typed into it is that instant again, summer time or not", () => {
  assert.equal(fromLocalInput("2026-11-23T23:15"), "2026-11-23T09:30:00.000Z");
  assert.equal(fromLocalInput("2026-06-23T22:15"), "2026-06-23T09:30:00.000Z");
});

test("asking for the local time leaves the date as it is", () => {
  const date = new Date(INSTANT);
  asLocalInput(date);
  assert.equal(date.toISOString(), "2026-11-23T09:30:00.000Z");
});
