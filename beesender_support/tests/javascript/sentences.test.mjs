import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../public/js/shared/sentences.js";

test("places are filled wherever they stand", () => {
  assert.equal(fill("{1} before {0}", "noon", "An hour"), "An hour before noon");
  assert.equal(fill("{0} and {0}", "one"), "one and one");
});

test("a number is text, also nought", () => {
  assert.equal(fill("{0} min", 0), "0 min");
});

test("a name that ends in a full stop brings no second one", () => {
  assert.equal(fill("Seat given to {0}.", "Sam Jr."), "Seat given to Sam Jr.");
  assert.equal(fill("Seat given to {0}.", "Sam"), "Seat given to Sam.");
});

test("what looks like a place or a pattern in a value stays text", () => {
  assert.equal(fill("By {0}: {1}", "{1}", "$&"), "By {1}: $&");
});

test("a place without a value stays", () => {
  assert.equal(fill("{0} {5}.", "one"), "one {5}.");
});
