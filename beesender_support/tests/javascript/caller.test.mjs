// Who calls: nothing of an earlier caller stays in the form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoundCaller } from "../../public/js/helpdesk/request/found_caller.js";
import { turns } from "../../public/js/shared/turns.js";

test("the next caller is somebody else", () => {
  const doc = { subject: "Kept" };
  const caller = new FoundCaller(doc);
  caller.set("Anna", "Acme");
  assert.deepEqual(doc, { subject: "Kept", contact: "Anna", customer: "Acme" });
  assert.equal(caller.clear(), true);
  assert.deepEqual(doc, { subject: "Kept", contact: "", customer: "" });
  assert.equal(caller.clear(), false);
});

test("what an agent chose by hand stays", () => {
  const doc = { customer: "Acme" };
  const caller = new FoundCaller(doc);
  caller.set("Anna", "Acme");
  caller.clear();
  assert.deepEqual(doc, { contact: "", customer: "Acme" });
  caller.set("Boris", "Basel");
  doc.contact = "Clara";
  caller.clear();
  assert.deepEqual(doc, { contact: "Clara", customer: "" });
});

test("a contact without a customer leaves the customer as it is", () => {
  const doc = { customer: "Acme" };
  new FoundCaller(doc).set("Anna", undefined);
  assert.deepEqual(doc, { contact: "Anna", customer: "Acme" });
});

test("only the answer to what was asked last counts", () => {
  const begin = turns();
  const isFirst = begin();
  assert.equal(isFirst(), true);
  const isSecond = begin();
  assert.deepEqual([isFirst(), isSecond()], [false, true]);
});
