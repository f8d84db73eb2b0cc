import assert from "node:assert/strict";
import { test } from "node:test";
import { stretchesOf } from "../../public/js/desk/week_grid.js";

const HOUR = 60 * 60;
const piece = (start, end, overlaps = false) => ({
  start: start * HOUR,
  end: end * HOUR,
  overlaps,
});

test("hours are shares of a day", () => {
  assert.deepEqual(stretchesOf([piece(6, 18)]), [
    { from: 0.25, to: 0.75, kind: "beesender-open" },
  ]);
});

test("a day around the clock is the whole bar", () => {
  const [{ from, to }] = stretchesOf([piece(0, 24)]);
  assert.deepEqual([from, to], [0, 1]);
});

test("windows that overlap show where", () => {
  const kinds = stretchesOf([piece(9, 12), piece(12, 13, true), piece(13, 18)]).map(
    ({ kind }) => kind,
  );
  assert.deepEqual(kinds, ["beesender-open", "beesender-twice", "beesender-open"]);
});

test("a day without support is an empty bar", () => {
  assert.deepEqual(stretchesOf([]), []);
});
