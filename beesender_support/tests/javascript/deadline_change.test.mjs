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
