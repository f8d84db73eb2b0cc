// What is shown on a ticket's page, kept there and kept true. Helpdesk redraws its page as
// it likes and goes from ticket to ticket without loading it again.
import { isOpenTicket } from "./open_ticket.js";
import { useStyles } from "./styles.js";

const EVERY_MINUTE = 60_000;
// A tab may outlive an upgrade. Whoever was loaded before leaves the page to the next.
const HANDED_OVER = "beesender-support:page-handed-over";

// What is kept on the page: the ticket that was opened last, what the server said of it,
// and how to ask and to draw.
const shown = { ticket: null, facts: null, load: null, draw: null };
let isKeeping = false;

// `load()` asks the server, `draw(facts)` puts the answer on the page and is called again
// whenever the page changed. Returns the facts, or nothing where the server has none.
export async function keepOnPage({ ticket, load, draw }) {
  useStyles("dialog", "page");
  startKeeping();
  if (shown.ticket !== String(ticket)) leavePage();
  Object.assign(shown, { ticket: String(ticket), load, draw });
  await refresh();
  return shown.facts;
}

// What was last said of a ticket, if it is the one that is kept on the page.
export function factsOf(ticket) {
  return shown.ticket === String(ticket) ? shown.facts : null;
}

// Another ticket is shown in the same elements: nothing of the last one stays.
export function leavePage() {
  Object.assign(shown, { ticket: null, facts: null });
  for (const part of document.querySelectorAll("[data-beesender-part]")) part.remove();
  for (const hidden of document.querySelectorAll("[data-beesender-hidden]")) {
    hidden.style.display = "";
    delete hidden.dataset.beesenderHidden;
  }
}

// Hides an element of Helpdesk's until another ticket is shown.
export function hide(node) {
  node.style.display = "none";
  node.dataset.beesenderHidden = "";
}

// Puts a part on the page, or brings it up to date; `place(part)` says where. A part that
// is there and says the same is left alone, or drawing would never come to rest.
export function putOnPage(name, facts, build, place) {
  const present = document.querySelector(`[data-beesender-part="${name}"]`);
  const stamp = JSON.stringify(facts);
  if (present?.dataset.stamp === stamp) return;
  const part = build(facts);
  part.dataset.beesenderPart = name;
  part.dataset.stamp = stamp;
  if (present) present.replaceWith(part);
  else place(part);
}

function redraw() {
  if (shown.facts && isOpenTicket(shown.ticket)) shown.draw(shown.facts);
}

async function refresh() {
  const { ticket, load } = shown;
  const facts = await load().catch(() => undefined);
  // Somebody may have gone on to another ticket meanwhile.
  if (shown.ticket !== ticket || facts === undefined) return;
  // The ticket is not under a plan any more.
  if (facts === null) return leavePage();
  shown.facts = facts;
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
  // The time that is left goes by, and others work on the ticket.
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
    document.removeEventListener("visibilitychange", refreshIfSeen);
    leavePage();
  }
  document.addEventListener(HANDED_OVER, stopKeeping, { once: true });
}
