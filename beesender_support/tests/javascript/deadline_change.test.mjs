import assert from "node:assert/strict";
import { test } from "node:test";
import { deadlineChange } from "../../public/js/helpdesk/agent/deadline_change.js";

process.env.TZ = "UTC";
const labels = { new_deadline: "New deadline: {0}." };
const facts = (due) => ({
  labels,
  promise: {
    due,
    language: "en",
    label: "Not promised",
    sentence: "This category has no response time.",
  },
});
const NOON = facts("2026-11-23T12:00:00+00:00");
const ONE = facts("2026-11-23T13:00:00+00:00");
const NEVER = facts(null);

test("another deadline is announced", () => {
  assert.equal(deadlineChange(NOON, ONE), "New deadline: Mon, Nov 23, 13:00.");
  assert.equal(deadlineChange(NEVER, ONE), "New deadline: Mon, Nov 23, 13:00.");
});

test("a deadline that is gone is told in the words of the promise", () => {
  assert.equal(
    deadlineChange(NOON, NEVER),
    "Not promised. This category has no response time.",
  );
});

test("the same deadline, and the first one shown, are no news", () => {
  assert.equal(deadlineChange(NOON, facts(NOON.promise.due)), null);
  assert.equal(deadlineChange(NEVER, NEVER), null);
  assert.equal(deadlineChange(null, NOON), null);
  assert.equal(deadlineChange(NOON, null), null);
});

const named = (dues) => ({
  labels: { ...labels, new_deadline_of: "{0}: new deadline {1}" },
  promise: {
    due: dues.first_answer ?? null,
    language: "en",
    promises: Object.entries(dues).map(([target, due]) => ({
      target,
      title: { first_answer: "First answer", solution: "Solution" }[target],
      due,
    })),
  },
});
const BOTH = named({
  first_answer: "2026-11-23T12:00:00+00:00",
  solution: "2026-11-23T13:00:00+00:00",
});

test("of several deadlines each is called by its name", () => {
  const solution = named({
    first_answer: "2026-11-23T12:00:00+00:00",
    solution: "2026-11-23T14:00:00+00:00",
  });
  assert.equal(
    deadlineChange(BOTH, solution),
    "Solution: new deadline Mon, Nov 23, 14:00",
  );
  const sooner = named({
    first_answer: "2026-11-23T10:00:00+00:00",
    solution: "2026-11-23T11:00:00+00:00",
  });
  assert.equal(
    deadlineChange(BOTH, sooner),
    "First answer: new deadline Mon, Nov 23, 10:00. Solution: new deadline Mon, Nov 23, 11:00",
  );
});

test("a pause and a clock that starts are no news of a deadline", () => {
  const paused = named({ first_answer: "2026-11-23T12:00:00+00:00", solution: null });
  assert.equal(deadlineChange(BOTH, paused), null);
  assert.equal(deadlineChange(paused, BOTH), null);
  assert.equal(deadlineChange(BOTH, BOTH), null);
});
