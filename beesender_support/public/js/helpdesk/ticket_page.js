// What is shown on a ticket's page, kept there and kept true. Helpdesk redraws its page as
// it likes and goes from ticket to ticket without loading it again.
const PAGE_LOOK = `
.beesender-panel { display: flex; flex-direction: column; gap: 0.75rem; padding: 1rem;
  font-size: 14px; color: var(--ink-gray-8, #383838);
  border-color: var(--outline-gray-1, #ededed); }
.beesender-panel h2 { margin: 0; font-size: 14px; font-weight: 600; }
.beesender-panel > .beesender-button { align-self: flex-start; }
.beesender-panel dl { display: grid; grid-template-columns: 7.875rem minmax(0, 1fr);
  gap: 0.5rem 0.25rem; margin: 0; line-height: 1.4; }
.beesender-panel dt { font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-panel dd { margin: 0; overflow-wrap: anywhere; }
.beesender-panel .also { display: block; font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-panel .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem;
  align-items: center; }
.beesender-panel a { text-decoration: underline; font-size: 14px; }
.beesender-panel :is(a, button):focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-state { font-size: 14px; font-weight: 500; }
.beesender-state[data-state=at_risk] { color: var(--ink-amber-9, #91400d); }
.beesender-state[data-state=breached] { color: var(--ink-red-8, #b52a2a); }
.beesender-state[data-state=met] { color: var(--ink-green-8, #137949); }
`;
const EVERY_MINUTE = 60_000;

// `load()` asks the server, `draw(facts)` puts the answer on the page and is called again
// whenever the page changed; both belong to one ticket, the last one that was opened.
async function keepOnPage({ ticket, load, draw }) {
  useLook("dialog", DIALOG_LOOK);
  useLook("page", PAGE_LOOK);
  const kept = (window.beesenderPage ||= startKeeping());
  if (kept.ticket !== String(ticket)) leavePage();
  Object.assign(kept, { ticket: String(ticket), load, draw });
  await kept.refresh();
  return kept.facts;
}

// Another ticket is shown in the same elements: nothing of the last one stays.
function leavePage() {
  const nothing = { ticket: null, facts: null, announced: null };
  if (window.beesenderPage) Object.assign(window.beesenderPage, nothing);
  document.querySelectorAll("[data-beesender-part]").forEach((part) => part.remove());
  for (const hidden of document.querySelectorAll("[data-beesender-hidden]")) {
    hidden.style.display = "";
    delete hidden.dataset.beesenderHidden;
  }
}

// Hides an element of Helpdesk's until another ticket is shown.
function hide(shown) {
  shown.style.display = "none";
  shown.dataset.beesenderHidden = "";
}

function startKeeping() {
  const kept = { facts: null };
  const isShown = () => window.location.pathname.endsWith(`/${kept.ticket}`);
  kept.redraw = () => {
    if (kept.facts && isShown()) kept.draw(kept.facts);
  };
  kept.refresh = async () => {
    const { ticket, load } = kept;
    const facts = await load().catch(() => undefined);
    // Somebody may have gone on to another ticket meanwhile.
    if (kept.ticket !== ticket || facts === undefined) return;
    // The ticket is not under a plan any more.
    if (facts === null) return leavePage();
    kept.facts = facts;
    kept.redraw();
  };
  new MutationObserver(kept.redraw).observe(document.body, {
    childList: true,
    subtree: true,
  });
  const refreshIfSeen = () => {
    if (!document.hidden && kept.facts && isShown()) kept.refresh();
  };
  // The time that is left goes by, and others work on the ticket.
  window.setInterval(refreshIfSeen, EVERY_MINUTE);
  document.addEventListener("visibilitychange", refreshIfSeen);
  // Helpdesk sends an answer by a method of the ticket, and it stops the clock.
  new PerformanceObserver((calls) => {
    if (calls.getEntries().some(({ name }) => name.includes("run_doc_method"))) refreshIfSeen();
  }).observe({ type: "resource" });
  return kept;
}

// As Helpdesk tells a phone from a desk.
function isPhone() {
  return window.innerWidth < 768;
}

// Puts a part on the page, or brings it up to date; `place(part)` says where. A part that
// is there and says the same is left alone, or drawing would never come to rest.
function putOnPage(name, facts, build, place) {
  const present = document.querySelector(`[data-beesender-part="${name}"]`);
  const stamp = JSON.stringify(facts);
  if (present?.dataset.stamp === stamp) return;
  const part = build(facts);
  part.dataset.beesenderPart = name;
  part.dataset.stamp = stamp;
  if (present) present.replaceWith(part);
  else place(part);
}
