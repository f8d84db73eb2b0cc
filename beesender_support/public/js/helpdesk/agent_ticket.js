// A ticket as an agent sees it: the plan beside it, and what the plan lets an agent do.
const AGENT_API = "beesender_support.api.agent";

async function setupForm(page) {
  if (!isOpenTicket(page.doc?.name)) return { actions: (await window.beesenderSetup) || [] };
  const latest = (window.beesenderSetup = setUp(page));
  const actions = await latest;
  // Helpdesk shows what ends last, which may belong to the ticket shown before.
  return {
    actions: window.beesenderSetup === latest ? actions : await window.beesenderSetup,
  };
}

async function setUp(page) {
  const { doc, call } = page;
  if (!doc?.beesender_admission) {
    leavePage();
    return [];
  }
  const before = window.beesenderPage?.ticket === String(doc.name) && lastDue();
  const facts = await keepOnPage({
    ticket: doc.name,
    load: () => call(`${AGENT_API}.ticket_panel`, { ticket: doc.name }),
    draw: (panel) => {
      keepBadgesHonest(panel.promise);
      putOnPage("panel", panel, () => panelOf(page, panel), placeBesideTicket);
    },
  });
  if (!facts) return [];
  if (before && before !== lastDue()) announceOnce(page, facts, before);
  const actions = [...(await admissionActions(page)), ...planActions(page, facts)];
  const own = onlyFor(doc.name, actions);
  return isPhone() ? own.map(({ label, onClick }) => ({ label, onClick })) : own;
}

// The deadline as it was last shown; "none" for a ticket without one.
function lastDue() {
  const facts = window.beesenderPage?.facts;
  return facts && (facts.promise.due || "none");
}

// Helpdesk's own fields save at once: say what came of it. It may run this script several
// times for one change, and what came of that is said once.
function announceOnce({ toast }, { promise, labels }, before) {
  const change = `${before} ${lastDue()}`;
  if (window.beesenderPage.announced === change) return;
  window.beesenderPage.announced = change;
  const moment = promise.due && momentInWords(promise.due, promise.language);
  // A deadline that is gone is no new one.
  const words = moment
    ? labels.new_deadline.replace("{0}", moment)
    : `${promise.label}. ${promise.sentence}`;
  toast.info(words);
}

function panelOf(page, { promise, rows, labels }) {
  const panel = element(
    "section",
    "beesender-panel border-t",
    element("h2", "", labels.title),
    listOf(promiseRows(promise)),
    whyButton(page, promise),
    listOf(rows.map(({ label, value }) => [label, value]))
  );
  panel.setAttribute("aria-label", labels.title);
  panel.style.cssText = "overflow-y: auto; min-height: 9rem;";
  return panel;
}

// Below Helpdesk's own fields; on a phone above the details.
function placeBesideTicket(panel) {
  const fields = document.querySelector("#priority")?.closest(".shrink-0");
  if (fields) fields.after(panel);
  else document.querySelector("[role=tabpanel] h3")?.before(panel);
}
