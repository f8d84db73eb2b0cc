import assert from "node:assert/strict";
import { test } from "node:test";
import { described } from "../../public/js/widget/description.js";
import { asSent, sorted, whyNotTaken } from "../../public/js/widget/files.js";
import { keptList } from "../../public/js/widget/kept_list.js";
import { Fault, serverOf } from "../../public/js/widget/server.js";
import {
  idOfSent,
  newDraft,
  newKey,
  storeOf,
  unsentOf,
} from "../../public/js/widget/store.js";
import { isUnseen, seenIn } from "../../public/js/widget/unseen.js";
import { storage } from "./browser.mjs";

const PAGE = { name: "w1", language: "ru" };
const SITE = "https://support.example";

function serverAnswering(status, body, token = null) {
  const calls = [];
  globalThis.fetch = async (address, options) => {
    calls.push({ address: new URL(address), ...options });
    return new Response(JSON.stringify(body), { status });
  };
  return { calls, ...serverOf({ site: SITE, page: PAGE, token: () => token }) };
}

test("a description holds the questions that were answered", () => {
  const draft = { answers: { "What?": " It. ", "Who?": "  " }, description: "unused" };
  assert.equal(described(["What?", "Who?"], draft), "What?\nIt.");
  assert.equal(described(["Who?"], draft), "");
  assert.equal(described([], { answers: {}, description: " Plain " }), "Plain");
});

test("files of other types, too many or too large are not taken", () => {
  const limits = { most: 2, megabytes: 2, megabytes_of_all: 3, types: ["png"] };
  const size = 2 * 1024 * 1024;
  const half = { name: "b.png", size: size / 2 };
  assert.equal(whyNotTaken({ name: "a.PNG", size }, [half], limits), null);
  assert.deepEqual(
    whyNotTaken({ name: "a.png", size }, [{ ...half, size: size / 2 + 1 }], limits),
    ["too_large_together", 3],
  );
  assert.deepEqual(whyNotTaken({ name: "a.png", size }, [half, half], limits), [
    "too_many_files",
    2,
  ]);
  assert.deepEqual(whyNotTaken({ name: "a.exe", size }, [], limits), [
    "file_type",
    "a.exe",
  ]);
  assert.deepEqual(whyNotTaken({ name: "png", size }, [], limits), [
    "file_type",
    "png",
  ]);
  assert.deepEqual(whyNotTaken({ name: "a.png", size: size + 1 }, [], limits), [
    "too_large",
    "a.png",
    2,
  ]);
});

test("of several files those that can be are taken, and it is said why others are not", () => {
  const limits = { most: 2, megabytes: 2, megabytes_of_all: 3, types: ["png"] };
  const [exe, text, one, two, three] = [
    "a.exe",
    "b.txt",
    "c.png",
    "d.png",
    "e.png",
  ].map((name) => ({ name, size: 1 }));
  assert.deepEqual(sorted([exe, text, one], [], limits), {
    added: [one],
    refused: [
      ["file_type", "a.exe"],
      ["file_type", "b.txt"],
    ],
  });
  assert.deepEqual(sorted([two, three], [one], limits), {
    added: [two],
    refused: [["too_many_files", 2]],
  });
  assert.deepEqual(sorted([], [one], limits), { added: [], refused: [] });
});

test("a file is sent as base64, however large", async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
  const { file_name, content_base64 } = await asSent(new File([bytes], "a.png"));
  assert.equal(file_name, "a.png");
  assert.deepEqual(new Uint8Array(Buffer.from(content_base64, "base64")), bytes);
});

test("what is written outlives the page", () => {
  const place = storage();
  storeOf(place, "w").signIn("token", "a@example.com");
  const store = storeOf(place, "w");
  store.draft = { ...newDraft(), subject: "Kept" };
  store.keepMessage("7", { id: "m", text: "Half a" });
  const later = storeOf(place, "w");
  assert.equal(later.token, "token");
  assert.equal(later.draft.subject, "Kept");
  assert.deepEqual(later.messageFor("7"), { id: "m", text: "Half a" });
  assert.equal(later.messageFor("8").text, "");
  later.keepMessage("7", null);
  assert.equal(storeOf(place, "w").messageFor("7").text, "");
});

test("whoever comes next sees nothing of whoever was there", () => {
  const place = storage();
  const store = storeOf(place, "w");
  store.signIn("one", "a@example.com");
  store.draft = { ...newDraft(), subject: "Of A" };
  store.forgetToken();
  store.signIn("two", "a@example.com");
  assert.equal(store.draft.subject, "Of A");
  store.signIn("three", "b@example.com");
  assert.equal(store.draft, null);
  store.draft = newDraft();
  store.signOut();
  assert.deepEqual([store.token, store.address, store.draft], [null, null, null]);
  assert.doesNotMatch(place.kept.w, /example\.com/);
});

test("two pages write one draft, and who signs out in one is out in the other", () => {
  const place = storage();
  const [one, other] = [storeOf(place, "w"), storeOf(place, "w")];
  one.signIn("token", "a@example.com");
  assert.equal(other.token, "token");
  one.draft = { ...newDraft(), subject: "Half" };
  other.draft = { ...other.draft, subject: "Whole" };
  other.keepMessage("7", { id: "m", text: "Thanks" });
  assert.equal(one.draft.subject, "Whole");
  assert.equal(one.messageFor("7").text, "Thanks");
  one.signOut();
  other.keepMessage("7", { id: "m", text: "Thanks again" });
  assert.deepEqual([other.token, other.address, other.draft], [null, null, null]);
});

test("a browser that keeps nothing still works while the page is open", () => {
  const refusing = {
    getItem() {
      throw new Error("refused");
    },
    setItem() {
      throw new Error("full");
    },
  };
  for (const place of [
    refusing,
    null,
    storage({ w: "no json" }),
    storage({ w: "null" }),
  ]) {
    const store = storeOf(place, "w");
    assert.equal(store.token, null);
    store.signIn("token", "a@example.com");
    assert.equal(store.token, "token");
  }
});

test("what has not changed in a list stays where it is", () => {
  const moved = [];
  const list = {
    children: [],
    insertBefore(node, there) {
      moved.push(node.words);
      const place = there ? list.children.indexOf(there) : list.children.length;
      list.children.splice(place, 0, node);
    },
  };
  const draw = keptList(list, ({ words }) => {
    const node = { words, remove: () => list.children.splice(place(), 1) };
    const place = () => list.children.indexOf(node);
    return node;
  });
  const drawn = (...items) => {
    moved.length = 0;
    draw(items.map(([id, words]) => ({ id, words })));
    return list.children.map(({ words }) => words);
  };
  const [b, d] = [
    ["2", "b"],
    ["4", "d"],
  ];
  assert.deepEqual(drawn(b, d), ["b", "d"]);
  const [first, second] = list.children;
  assert.deepEqual(drawn(["1", "a"], b, ["3", "c"], d, ["5", "e"]), [..."abcde"]);
  assert.deepEqual(moved, ["a", "c", "e"]);
  assert.deepEqual(drawn(b, ["3", "changed"], d), ["b", "changed", "d"]);
  assert.deepEqual(moved, ["changed"]);
  assert.ok(list.children[0] === first && list.children[2] === second);
  assert.deepEqual(drawn(), []);
});

test("of a message only what was not sent is left to send", () => {
  assert.equal(unsentOf("It works.", "It works."), "");
  assert.equal(unsentOf("It works. \n But slowly.", "It works."), "But slowly.");
  assert.equal(unsentOf("It works.  ", "It works."), "");
  assert.equal(unsentOf("It worksn't.", "It works"), "It worksn't.");
  assert.equal(unsentOf("No, wait", "It works."), "No, wait");
  assert.equal(unsentOf("", "It works."), "");
});

test("a message keeps the names of its files, also without words", () => {
  const store = storeOf(storage(), "w");
  store.keepMessage("7", { id: "m", text: "", files: ["a.png"] });
  assert.deepEqual(store.messageFor("7").files, ["a.png"]);
  store.keepMessage("7", { id: "m", text: "", files: [] });
  assert.equal(store.messageFor("7").files, undefined);
});

test("an answer is new until its request was shown, and old ones were never", () => {
  const request = (ticket, answered) => ({ ticket, answered });
  const first = [request("1", "2026-11-20T09:00:00+00:00"), request("2", null)];
  assert.equal(isUnseen(first[0], null), false);
  const seen = seenIn(first, null);
  assert.deepEqual(seen, { 1: "2026-11-20T09:00:00+00:00" });
  const next = [
    request("2", "2026-11-21T09:00:00+00:00"),
    request("1", "2026-11-20T09:00:00+00:00"),
    request("3", "2026-11-21T09:00:00.500000+00:00"),
  ];
  assert.deepEqual(seenIn(next, seen), seen);
  assert.deepEqual(
    next.map((each) => isUnseen(each, seen)),
    [true, false, true],
  );
  const shown = { ...seen, 2: next[0].answered, 3: "2026-11-21T09:00:00+00:00" };
  assert.deepEqual(
    next.map((each) => isUnseen(each, shown)),
    [false, false, true],
  );
  assert.deepEqual(seenIn([next[0]], shown), { 2: next[0].answered });
});

test("what was seen is kept only of somebody who is signed in", () => {
  const store = storeOf(storage(), "w");
  store.seen = { 7: "2026-11-20T09:00:00+00:00" };
  assert.equal(store.seen, null);
  store.signIn("token", "a@example.com");
  store.seen = { 7: "2026-11-20T09:00:00+00:00" };
  assert.deepEqual(store.seen, { 7: "2026-11-20T09:00:00+00:00" });
  store.signOut();
  assert.equal(store.seen, null);
});

test("keys are never the same", () => {
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});

test("the same sent again has the same id, anything else another", () => {
  const file = (content) => ({ file_name: "a.png", content_base64: content });
  const sent = {
    subject: "Hall",
    description: "No light",
    attachments: [file("AA==")],
  };
  const id = idOfSent("k", sent);
  assert.match(id, /^k-[0-9a-f]{16}$/);
  assert.equal(idOfSent("k", structuredClone(sent)), id);
  const others = [
    { ...sent, subject: "Hall 2" },
    { ...sent, description: "No light." },
    { ...sent, priority: "P1" },
    { ...sent, attachments: [] },
    { ...sent, attachments: [file("AQ==")] },
    { ...sent, edition: "1" },
    { ...sent, subject: "HallNo", description: " light" },
  ].map((each) => idOfSent("k", each));
  assert.equal(new Set([id, ...others, idOfSent("l", sent)]).size, 9);
  // As many, as alike as words can be.
  const many = Array.from({ length: 20_000 }, (_, index) => idOfSent("k", { index }));
  assert.equal(new Set(many).size, many.length);
});

test("a call names the widget and sends the session in a header, and no cookies", async () => {
  const server = serverAnswering(200, { message: { ticket: "7" } }, "secret");
  assert.deepEqual(await server.call("request", { ticket: "7" }), { ticket: "7" });
  await server.call("append", { text: "x" });
  await server.call("page");
  const [read, write, page] = server.calls;
  assert.equal(page.method, "GET");
  assert.equal(read.method, "GET");
  assert.equal(read.credentials, "omit");
  assert.equal(read.headers["X-Beesender-Session"], "secret");
  assert.equal(read.address.searchParams.get("ticket"), "7");
  assert.equal(read.address.searchParams.get("language"), "ru");
  assert.doesNotMatch(read.address.href, /secret/);
  assert.equal(write.method, "POST");
  assert.equal(write.address.searchParams.get("widget"), "w1");
  assert.deepEqual(JSON.parse(write.body), { text: "x", widget: "w1", language: "ru" });
});

test("who signs out is named by a session that is kept no more, and leaves at once", async () => {
  const server = serverAnswering(200, {});
  await server.call("sign_out", {}, "of before");
  await server.call("append", { text: "x" });
  const [signOut, append] = server.calls;
  assert.equal(signOut.headers["X-Beesender-Session"], "of before");
  assert.equal(append.headers["X-Beesender-Session"], undefined);
  assert.deepEqual([signOut.keepalive, append.keepalive], [true, false]);
});

for (const [status, kind] of [
  [401, "session"],
  [403, "refused"],
  [404, "refused"],
  [413, "large"],
  [422, "invalid"],
  [429, "often"],
  [503, "invalid"],
]) {
  test(`an answer of ${status} is a fault of kind ${kind}`, async () => {
    const errors = [{ field: "email", message: "Because." }];
    const server = serverAnswering(status, { errors });
    await assert.rejects(server.call("page"), { kind, message: "Because." });
  });
}

test("what the site does not explain is a fault, and no words of its own are shown", async () => {
  const server = serverAnswering(500, { exception: "Traceback" });
  await assert.rejects(server.call("page"), { kind: "fault", message: "fault" });
});

test("without a network, or with half an answer, the site was not reached", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  const server = serverOf({ site: SITE, page: PAGE, token: () => null });
  await assert.rejects(server.call("page"), { kind: "unreachable" });
  globalThis.fetch = async () => new Response('{"message', { status: 200 });
  await assert.rejects(server.call("page"), { kind: "unreachable" });
  assert.ok(new Fault("unreachable") instanceof Error);
});
