// Keeps our parts on a ticket's page and up to date. Helpdesk redraws its page at any
// time and goes from ticket to ticket without reloading it.
import { clockFrom, nextChange, standingAt } from "../../shared/countdown.js";
import { focusableIn } from "../../shared/focus.js";
import { useStyles } from "../styles.js";
import { isOpenTicket } from "./open_ticket.js";

const EVERY_MINUTE = 60_000;
// A tab may outlive an upgrade. The modules loaded before leave the page to the new
// ones.
const HANDED_OVER = "beesender-support:page-handed-over";

// The state of the page: the ticket that was opened last, its facts from the server and
// the time there, and how to load and draw them.
const shown = { ticket: null, facts: null, clock: null, load: null, draw: null };
let isKeeping = false;
let countdown = null;

// `load()` requests the facts from the server, `draw(facts)` puts them on the page and
// is called again whenever the page changes. Returns the facts, or nothing where the
// server has none.
export async function keepOnPage({ ticket, load, draw }) {
  useStyles("dialog", "page");
  startKeeping();
  if (shown.ticket !== String(ticket)) leavePage();
  Object.assign(shown, { ticket: String(ticket), load, draw });
  await refresh();
  return shown.facts;
}

// The last facts of a ticket, if it is the one on the page.
export function factsOf(ticket) {
  return shown.ticket === String(ticket) ? shown.facts : null;
}

// Another ticket is shown in the same elements: nothing of the last one may stay.
export function leavePage() {
  Object.assign(shown, { ticket: null, facts: null });
  for (const part of document.querySelectorAll("[data-beesender-part]")) part.remove();
  document.querySelectorAll("[data-beesender-hidden]").forEach(unhide);
}

// Hides an element of Helpdesk's until another ticket is shown. One that is hidden is
// left alone, or drawing would never end.
export function hide(node) {
  if (node.style.display === "none") return;
  node.style.display = "none";
  node.dataset.beesenderHidden = "";
}

export function unhide(node) {
  if (!("beesenderHidden" in node.dataset)) return;
  node.style.display = "";
  delete node.dataset.beesenderHidden;
}

// Puts a part on the page, or brings it up to date; `place(part)` says where. An
// unchanged part is left alone, or drawing would never end.
export function putOnPage(name, facts, build, place) {
  const present = document.querySelector(`[data-beesender-part="${name}"]`);
  const stamp = JSON.stringify(facts);
  if (present?.dataset.stamp === stamp) return;
  const part = build(facts);
  part.dataset.beesenderPart = name;
  part.dataset.stamp = stamp;
  if (!present) return place(part);
  const focused = focusableIn(present).indexOf(document.activeElement);
  present.replaceWith(part);
  // Who uses the keyboard stays where they are, however often a minute passes.
  if (focused >= 0) focusableIn(part)[focused]?.focus();
}

function redraw() {
  window.clearTimeout(countdown);
  if (!shown.facts || !isOpenTicket(shown.ticket)) return;
  const instant = shown.clock();
  shown.draw(asOf(shown.facts, instant));
  const promises = promisesOf(shown.facts);
  const next = Math.min(...promises.map((each) => nextChange(each, instant)));
  if (Number.isFinite(next)) countdown = window.setTimeout(redraw, next - instant);
}

// An agent's facts hold the promise among others; a client's are the promise.
function promisesOf(facts) {
  const glance = facts.promise || facts;
  return [glance, ...glance.promises];
}

function asOf(facts, instant) {
  const glance = facts.promise || facts;
  const stand = (promise) => ({
    ...promise,
    ...standingAt(promise, glance.words, instant),
  });
  // When it was does not make a part of the page another one.
  const { now, ...standing } = stand(glance);
  const counted = { ...standing, promises: glance.promises.map(stand) };
  return facts.promise ? { ...facts, promise: counted } : counted;
}

async function refresh() {
  const { ticket, load } = shown;
  const facts = await load().catch(() => undefined);
  // Another ticket may have been opened meanwhile.
  if (shown.ticket !== ticket || facts === undefined) return;
  // The ticket is no longer under a plan.
  if (facts === null) return leavePage();
  shown.facts = facts;
  shown.clock = clockFrom((facts.promise || facts).now);
  redraw();
}

function refreshIfSeen() {
  if (!document.hidden && shown.facts && isOpenTicket(shown.ticket)) refresh();
}

function startKeeping() {
  if (isKeeping) return;
  isKeeping = true;
  document.dispatchEvent(new Event(HANDED_OVER));
  const changes = new MutationObserver(redraw);
  changes.observe(document.body, { childList: true, subtree: true });
  // Time passes, and others work on the ticket.
  const timer = window.setInterval(refreshIfSeen, EVERY_MINUTE);
  document.addEventListener("visibilitychange", refreshIfSeen);
  // Helpdesk sends an answer by a method of the ticket, and it stops the clock.
  const calls = new PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => name.includes("run_doc_method")))
      refreshIfSeen();
  });
  calls.observe({ type: "resource" });

  function stopKeeping() {
    isKeeping = false;
    changes.disconnect();
    calls.disconnect();
    window.clearInterval(timer);
    window.clearTimeout(countdown);
    document.removeEventListener("visibilitychange", refreshIfSeen);
    leavePage();
  }
  document.addEventListener(HANDED_OVER, stopKeeping, { once: true });
}
