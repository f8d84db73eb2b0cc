import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf } from "../../public/js/desk/timeline.js";

// A hundred days, of which Europe moves its clocks in one: 2026-03-29.
process.env.TZ = "Europe/Berlin";
const TIMELINE = {
  first: "2026-01-01",
  last: "2026-04-11",
  today: "2026-03-12",
  contract_years: ["2026-01-11", "2026-02-10", "2026-04-01"],
};
const PLAN = {
  state: "in_force",
  starts_on: "2026-01-11",
  ends_on: "2026-03-31",
  is_this: false,
};

test("a plan lies between its first day and the end of its last", () => {
  const { stretch } = lineOf(PLAN, TIMELINE);
  assert.deepEqual(stretch, { from: 0.1, to: 0.9, kind: "beesender-open" });
});

test("a plan of one day has a length", () => {
  const { stretch } = lineOf({ ...PLAN, ends_on: PLAN.starts_on }, TIMELINE);
  assert.equal(Number((stretch.to - stretch.from).toFixed(6)), 0.01);
});

test("a plan without an end goes on to the end of the line", () => {
  assert.equal(lineOf({ ...PLAN, ends_on: null }, TIMELINE).stretch.to, 1);
});

test("what lies outside of the line is cut off at its ends", () => {
  const long = { ...PLAN, starts_on: "2020-01-01", ends_on: "2030-01-01" };
  const { from, to } = lineOf(long, TIMELINE).stretch;
  assert.deepEqual([from, to], [0, 1]);
});

test("a plan that is not in force looks otherwise", () => {
  for (const state of ["not_started", "ended", "suspended", "draft"]) {
    const { stretch } = lineOf({ ...PLAN, state }, TIMELINE);
    assert.equal(stretch.kind, "beesender-other");
  }
});

test("today is marked on every plan", () => {
  assert.deepEqual(lineOf(PLAN, TIMELINE).marks, [
    { at: 0.7, kind: "beesender-today" },
  ]);
});

test("contract years are marked on this plan, its beginning is none", () => {
  const { marks } = lineOf({ ...PLAN, is_this: true }, TIMELINE);
  assert.deepEqual(
    marks.filter(({ kind }) => kind === "beesender-tick").map(({ at }) => at),
    [0.4, 0.9],
  );
});
