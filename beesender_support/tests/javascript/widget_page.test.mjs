// The widget on a page: what it shows and keeps while the site answers late, or another page
// of the same origin goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composeView } from "../../public/js/widget/compose.js";
import { widgetIn } from "../../public/js/widget/main.js";
import { Fault } from "../../public/js/widget/server.js";
import { storeOf } from "../../public/js/widget/store.js";
import { labelled, ofClass, openPage, storage } from "./browser.mjs";

const SITE = "https://support.example";
// Each label says its own name.
const LABELS = new Proxy({}, { get: (_labels, name) => String(name) });
const PAGE = {
  ...{ name: "w1", language: "en", title: "Support", greeting: "Hello", opening: null },
  files: { most: 2, megabytes: 2, megabytes_of_all: 3, types: ["png"] },
  labels: LABELS,
};
const ANSWERED = "2026-11-21T09:00:00+00:00";
const UNSEEN = { 7: "2026-11-20T09:00:00+00:00" };

// Answers that are given when a test says so.
function siteOf() {
  const calls = [];
  const waiting = new Map();
  const call = (name, ...sent) => {
    calls.push([name, ...sent]);
    return new Promise((resolve, reject) => waiting.set(name, { resolve, reject }));
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const answer = (name, message) => {
    waiting.get(name).resolve(message);
    return settled();
  };
  const fail = (name, kind) => {
    waiting.get(name).reject(new Fault(kind));
    return settled();
  };
  const count = (name) => calls.filter(([called]) => called === name).length;
  return { server: { call }, calls, count, answer, fail };
}

// Of Jane, who is signed in; `other` is the store of another page.
function widgetOfJane(t) {
  const ticks = [];
  t.mock.method(globalThis, "setInterval", (act) => ticks.push(act));
  t.mock.method(globalThis, "clearInterval", (at) => delete ticks[at - 1]);
  const clock = t.mock.method(performance, "now", () => 0).mock;
  const root = openPage();
  const place = storage();
  const other = storeOf(place, `beesender-widget ${SITE} w1`);
  other.signIn("one", "jane@example.com");
  other.seen = UNSEEN;
  const site = siteOf();
  const { server } = site;
  const widget = widgetIn(root, { site: SITE, page: PAGE, storage: place, server });
  const changed = () => {
    const event = Object.assign(new Event("storage"), { key: other.name });
    globalThis.window.dispatchEvent(event);
  };
  const tick = () => ticks.forEach((act) => void act());
  return { ...{ root, place, other, widget, clock, tick, changed }, ...site };
}

function badgeIn(root) {
  const badge = ofClass(root, "badge");
  return badge.hidden ? 0 : Number(badge.textContent);
}

test("who signs out is forgotten before the site is heard of", async (t) => {
  const { root, place, widget, calls, fail } = widgetOfJane(t);
  const isSignedOut = widget.signOut();
  assert.doesNotMatch(JSON.stringify(place.kept), /one|jane/);
  assert.ok(labelled(root, "email"));
  assert.deepEqual(calls.at(-1), ["sign_out", {}, "one"]);
  assert.doesNotMatch(root.textContent, /signed_out_here/);
  await fail("sign_out", "unreachable");
  await isSignedOut;
  assert.match(root.textContent, /signed_out_here/);
});

test("a proof that was over needs no end", async (t) => {
  const { root, widget, fail } = widgetOfJane(t);
  widget.signOut();
  await fail("sign_out", "session");
  assert.doesNotMatch(root.textContent, /signed_out_here/);
});

test("whoever signs in meanwhile is not told about somebody else", async (t) => {
  const { root, widget, other, changed, fail } = widgetOfJane(t);
  widget.signOut();
  other.signIn("two", "sam@example.com");
  changed();
  await fail("sign_out", "unreachable");
  assert.doesNotMatch(root.textContent, /signed_out_here/);
  assert.equal(other.token, "two");
});

test("the button counts nothing of somebody who signed out in another page", async (t) => {
  const { root, other, changed, answer } = widgetOfJane(t);
  await answer("last_requests", [{ ticket: "7", answered: ANSWERED }]);
  assert.equal(badgeIn(root), 1);
  other.signOut();
  other.signIn("two", "sam@example.com");
  other.seen = { 8: ANSWERED };
  changed();
  assert.equal(badgeIn(root), 0);
  assert.deepEqual(other.seen, { 8: ANSWERED });
});

test("answers that were asked for by somebody else are not counted", async (t) => {
  const { root, other, answer } = widgetOfJane(t);
  other.signIn("two", "sam@example.com");
  other.seen = { 8: ANSWERED };
  await answer("last_requests", [{ ticket: "7", answered: ANSWERED }]);
  assert.equal(badgeIn(root), 0);
  assert.deepEqual(other.seen, { 8: ANSWERED });
});

test("the end of somebody else's session ends no other", async (t) => {
  const { other, fail } = widgetOfJane(t);
  other.signIn("two", "sam@example.com");
  await fail("last_requests", "session");
  assert.equal(other.token, "two");
});

test("a minute that is a little short is no reason to wait another", async (t) => {
  const { clock, tick, count, answer } = widgetOfJane(t);
  await answer("last_requests", []);
  clock.mockImplementation(() => 59_999.6);
  tick();
  assert.equal(count("last_requests"), 2);
  // Whoever comes and goes asks no more often.
  clock.mockImplementation(() => 90_000);
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(count("last_requests"), 2);
});

function offerOf(...names) {
  const categories = names.map((name) => ({
    ...{ name, label: name, meaning: "" },
    ...{ priority: "P2", priorities: [{ code: "P2", meaning: "" }] },
  }));
  return { labels: LABELS, categories, category: names[0], questions: {}, said: null };
}

// A request that is written, of a fault; then only questions are taken.
function written() {
  openPage();
  const store = storeOf(storage(), "w");
  store.signIn("one", "jane@example.com");
  const site = siteOf();
  const widget = {
    ...{ page: PAGE, labels: LABELS, server: site.server, store },
    ...{ isShown: () => false, say: () => {}, alert: () => {}, complain: () => {} },
  };
  const open = (offer) => composeView(widget, offer);
  const view = open(offerOf("Fault"));
  type(view, "subject", "No light");
  type(view, "description", "In hall 1");
  const renew = () => {
    const isRenewed = view.every[1]();
    site.answer("new_request", offerOf("Question"));
    return isRenewed;
  };
  return { ...site, store, view, open, renew };
}

function type(view, label, words) {
  const input = labelled(view.node, label);
  input.value = words;
  input.dispatchEvent(new Event("input"));
}

async function send(view) {
  view.node.querySelector("form").dispatchEvent(new Event("submit"));
  await new Promise((resolve) => setImmediate(resolve));
}

const sentCategory = (calls) => calls.at(-1)[1].category;

test("a draft that was sent is gone, also where another offer changed it", async () => {
  const { store, view, renew, calls, answer } = written();
  await renew();
  await send(view);
  assert.equal(sentCategory(calls), "Question");
  await answer("register", { ticket: "7" });
  assert.equal(store.draft, null);
});

test("a draft that is opened to another offer, and sent, is gone", async () => {
  const { store, open, calls, answer } = written();
  await send(open(offerOf("Question")));
  assert.equal(sentCategory(calls), "Question");
  await answer("register", { ticket: "7" });
  assert.equal(store.draft, null);
});

test("an offer that comes while a request is sent leaves it as it is", async () => {
  const { store, view, renew, calls, answer } = written();
  await send(view);
  assert.equal(sentCategory(calls), "Fault");
  await renew();
  await answer("register", { ticket: "7" });
  assert.equal(store.draft, null);
});

test("an offer changes no draft that another page wrote, and makes none", async () => {
  const { store, renew } = written();
  store.draft = { ...store.draft, subject: "No light in hall 1" };
  await renew();
  assert.equal(store.draft.subject, "No light in hall 1");
  store.draft = null;
  await renew();
  assert.equal(store.draft, null);
});
