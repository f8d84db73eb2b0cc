import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clockFrom,
  lengthInWords,
  nextChange,
  standingAt,
} from "../../public/js/shared/countdown.js";

const WORDS = {
  due: "Due in {0}",
  due_at_once: "Due in less than a minute",
  days_and_hours: "{0} d {1} h",
  days: "{0} d",
  hours_and_minutes: "{0} h {1} min",
  hours: "{0} h",
  minutes: "{0} min",
  at_once: "less than a minute",
};
const at = (time) => Date.parse(`2026-11-23T${time}+00:00`);
const promise = (overrides = {}) => ({
  state: "due",
  label: "as the server said it",
  countdown: {
    counts_to: "2026-11-23T12:00:00+00:00",
    at_risk_from: "2026-11-23T11:00:00+00:00",
    overdue: "Overdue by {0}",
    frame: "{0}",
    ...overrides,
  },
});
const said = (time, overrides) => {
  const { state, label } = standingAt(promise(overrides), WORDS, at(time));
  return `${state}: ${label}`;
};

test("a promise is due, at risk, and overdue", () => {
  assert.equal(said("09:00:00"), "due: Due in 3 h");
  assert.equal(said("10:59:59"), "due: Due in 1 h");
  assert.equal(said("11:00:00"), "at_risk: Due in 1 h");
  assert.equal(said("11:47:30"), "at_risk: Due in 12 min");
  assert.equal(said("11:59:01"), "at_risk: Due in less than a minute");
  assert.equal(said("12:00:00"), "at_risk: Due in less than a minute");
  assert.equal(said("12:00:01"), "breached: Overdue by 1 min");
  assert.equal(said("13:05:00"), "breached: Overdue by 1 h 5 min");
});

test("other words may stand around those of a countdown, or after it", () => {
  const frame = "Solution: {0}";
  assert.equal(said("11:47:30", { frame }), "at_risk: Solution: Due in 12 min");
  assert.equal(said("12:30:00", { overdue: "Failed" }), "breached: Failed");
});

test("without an instant of risk none is said", () => {
  assert.equal(
    said("11:59:30", { at_risk_from: null }),
    "due: Due in less than a minute",
  );
});

test("what is not counted says what the server said, whatever time it is", () => {
  for (const countdown of [undefined, { counts_to: null }]) {
    const met = { state: "met", label: "Fulfilled in 5 min", countdown };
    assert.deepEqual(standingAt(met, WORDS, at("12:30:00")), {
      state: "met",
      label: "Fulfilled in 5 min",
    });
    assert.equal(nextChange(met, at("12:30:00")), Number.POSITIVE_INFINITY);
  }
});

test("the next change is the first instant at which something else is said", () => {
  let instant = at("10:58:07");
  for (let count = 0; count < 130; count += 1) {
    const next = nextChange(promise(), instant);
    assert.ok(next > instant);
    const before = standingAt(promise(), WORDS, instant);
    assert.deepEqual(standingAt(promise(), WORDS, next - 1), before);
    instant = next;
  }
  assert.ok(instant > at("12:30:00"));
});

test("lengths are said as the server says them", () => {
  const minutes = (count) => lengthInWords(count * 60_000, WORDS);
  assert.deepEqual([0, 1, 59, 60, 61, 1439, 1440, 1499, 1500, 2880].map(minutes), [
    "less than a minute",
    "1 min",
    "59 min",
    "1 h",
    "1 h 1 min",
    "23 h 59 min",
    "1 d",
    "1 d",
    "1 d 1 h",
    "2 d",
  ]);
});

test("a browser whose clock is wrong shows the server's time", () => {
  let browser = at("09:00:00");
  const clock = clockFrom("2026-11-23T11:30:00+00:00", () => browser);
  browser += 60_000;
  assert.equal(clock(), at("11:31:00"));
});
