import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOf } from "../../public/js/desk/due_preview.js";

const ZONES = ["GMT+1", "GMT+3"];

test("what is typed is asked", () => {
  assert.deepEqual(questionOf("GMT+3", "2026-11-20T17:30", ZONES), {
    time_zone: "GMT+3",
    starts_at: "2026-11-20T17:30",
  });
});

test("an empty zone is the first one sold, an empty start is now", () => {
  assert.deepEqual(questionOf("", "", ZONES), { time_zone: "GMT+1", starts_at: null });
});
