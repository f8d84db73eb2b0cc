import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  isSame,
  RequestChoice,
  whoAsks,
} from "../../public/js/helpdesk/request/choice.js";

const category = (name, priority, ...codes) => ({
  name,
  priority,
  priorities: codes.map((code) => ({ code, due: "2026-11-23T12:00:00+00:00" })),
});
const withDue = (due) => (of) => ({
  ...of,
  priorities: of.priorities.map(({ code }) => ({ code, due })),
});
const INCIDENT = category("Incident", "P3", "P1", "P2", "P3");
const QUESTION = category("Question", "P4", "P3", "P4");
const OFFERS = { category: "Incident", categories: [INCIDENT, QUESTION] };

let doc;
let choice;

beforeEach(() => {
  doc = { ticket_type: "", beesender_priority: "" };
  choice = new RequestChoice(doc);
});

test("the category that is offered first is chosen with its priority", () => {
  assert.equal(choice.offer(OFFERS), true);
  assert.deepEqual(doc, {
    ticket_type: "Incident",
    beesender_priority: "P3",
    beesender_offers: 1,
  });
});

test("what was chosen stays when the same is offered again", () => {
  choice.offer(OFFERS);
  choice.chooseCategory("Question");
  assert.equal(choice.offer(OFFERS), false);
  assert.equal(choice.category.name, "Question");
});

test("what is offered no more is replaced", () => {
  choice.offer(OFFERS);
  choice.chooseCategory("Question");
  assert.equal(choice.offer({ ...OFFERS, categories: [INCIDENT] }), true);
  assert.equal(choice.category.name, "Incident");
});

test("another category brings its own priority", () => {
  choice.offer(OFFERS);
  choice.chooseCategory("Question");
  assert.equal(choice.priority.code, "P4");
});

test("a priority that somebody chose stays where it is offered", () => {
  choice.offer(OFFERS);
  choice.choosePriority("P3");
  choice.chooseCategory("Question");
  assert.equal(choice.priority.code, "P3");
});

test("and where it is not, the category's own is chosen, and no longer somebody's", () => {
  choice.offer(OFFERS);
  choice.choosePriority("P1");
  choice.chooseCategory("Question");
  assert.equal(choice.priority.code, "P4");
  choice.chooseCategory("Incident");
  assert.equal(choice.priority.code, "P3");
});

test("clearing empties what was filled in, once", () => {
  choice.offer(OFFERS);
  doc.beesender_access_details = "a password";
  assert.equal(choice.clear(), true);
  assert.deepEqual(doc, {
    ticket_type: "",
    beesender_priority: "",
    beesender_access_details: "",
    beesender_entitlement: "",
    beesender_offers: "",
  });
  assert.equal(choice.clear(), false);
});

test("without an offer Helpdesk's own fields stay", () => {
  doc.ticket_type = "Question";
  choice.clear();
  assert.equal(doc.ticket_type, "Question");
});

test("a deadline that moved with the clock is no other offer", () => {
  choice.offer(OFFERS);
  const before = choice.offered;
  const categories = OFFERS.categories.map(withDue("2026-11-24T12:00:00+00:00"));
  choice.offer({ ...OFFERS, categories });
  assert.equal(choice.priority.due, "2026-11-24T12:00:00+00:00");
  assert.deepEqual(choice.offered, before);
});

test("a priority that is offered no more is another offer", () => {
  choice.offer(OFFERS);
  const before = choice.offered;
  choice.offer({ ...OFFERS, categories: [category("Incident", "P3", "P3"), QUESTION] });
  assert.notDeepEqual(choice.offered, before);
});

test("another category offers other priorities", () => {
  choice.offer(OFFERS);
  const before = choice.offered;
  choice.chooseCategory("Question");
  assert.notDeepEqual(choice.offered, before);
});

test("nobody named is null, as the server has it", () => {
  assert.deepEqual(whoAsks({ customer: "", contact: undefined }), {
    customer: null,
    contact: null,
  });
});

test("who asks is the same where customer and contact are", () => {
  const asked = whoAsks({ customer: "Acme", contact: "Ann" });
  assert.equal(isSame(asked, { customer: "Acme", contact: "Ann" }), true);
  assert.equal(isSame(asked, { customer: "Acme", contact: null }), false);
  assert.equal(isSame(asked, { customer: "Other", contact: "Ann" }), false);
});

// Where answers give the priority

const option = (value, yes, no) => ({
  value,
  label: value,
  asks_way_round: yes !== no,
  priorities: { Yes: yes, No: no },
});
const ASKING = {
  ...INCIDENT,
  affected: [option("All", "P1", "P1"), option("Part", "P3", "P2")],
};
const ASKED = { category: "Incident", categories: [ASKING, QUESTION] };

test("nothing is chosen until the questions are answered", () => {
  choice.offer(ASKED);
  assert.equal(choice.isAsked, true);
  assert.equal(choice.priority, undefined);
  assert.equal(doc.beesender_priority, "");
});

test("an answer that needs no other gives the priority", () => {
  choice.offer(ASKED);
  choice.chooseAffected("All");
  assert.equal(choice.asksWayRound, false);
  assert.equal(choice.priority.code, "P1");
});

test("the second question is asked where it matters, and its answer counts", () => {
  choice.offer(ASKED);
  choice.chooseAffected("Part");
  assert.equal(choice.asksWayRound, true);
  assert.equal(choice.priority, undefined);
  choice.chooseWayRound("No");
  assert.equal(choice.priority.code, "P2");
  choice.chooseWayRound("Yes");
  assert.equal(choice.priority.code, "P3");
});

test("the question that is open is the first without an answer", () => {
  choice.offer(ASKED);
  assert.equal(choice.openQuestion, "affected");
  choice.chooseAffected("Part");
  assert.equal(choice.openQuestion, "way-round");
  choice.chooseWayRound("No");
  assert.equal(choice.openQuestion, null);
  choice.chooseCategory("Question");
  assert.equal(choice.openQuestion, null);
});

test("an answer to a question that is asked no more is forgotten", () => {
  choice.offer(ASKED);
  choice.chooseAffected("Part");
  choice.chooseWayRound("No");
  choice.chooseAffected("All");
  assert.equal(doc.beesender_way_round, "");
  choice.chooseAffected("Part");
  assert.equal(choice.priority, undefined);
});

test("an answer is no other offer", () => {
  choice.offer(ASKED);
  const before = choice.offered;
  choice.chooseAffected("Part");
  assert.deepEqual(choice.offered, before);
});

test("another category that does not ask is chosen plainly, without the answers", () => {
  choice.offer(ASKED);
  choice.chooseAffected("All");
  choice.chooseCategory("Question");
  assert.deepEqual(doc, {
    ticket_type: "Question",
    beesender_priority: "P4",
    beesender_offers: 1,
  });
});

test("answers stay while the same is offered, and go with what is offered no more", () => {
  choice.offer(ASKED);
  choice.chooseAffected("Part");
  choice.chooseWayRound("No");
  choice.offer(ASKED);
  assert.equal(choice.priority.code, "P2");
  const [all] = ASKING.affected;
  choice.offer({ ...ASKED, categories: [{ ...ASKING, affected: [all] }] });
  assert.equal(choice.priority, undefined);
  assert.equal(doc.beesender_affected, "");
});

test("switched on or off while somebody writes, the form follows", () => {
  choice.offer(OFFERS);
  choice.choosePriority("P1");
  choice.offer(ASKED);
  assert.equal(choice.priority, undefined);
  choice.chooseAffected("All");
  choice.offer(OFFERS);
  assert.equal(choice.priority.code, "P3");
  assert.equal("beesender_affected" in doc, false);
});

test("without an offer no answer is left", () => {
  choice.offer(ASKED);
  choice.chooseAffected("All");
  choice.clear();
  assert.equal("beesender_affected" in doc, false);
});
