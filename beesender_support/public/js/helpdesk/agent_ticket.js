// A ticket as an agent sees it: the plan beside it, and what the plan lets an agent do.
import { element } from "../shared/dom.js";
import { accessDetailsActions } from "./agent/access_details.js";
import { askedPart } from "./agent/asked_entitlement.js";
import { deadlineChange } from "./agent/deadline_change.js";
import { actionsOnHeldRequest } from "./agent/held_request.js";
import { planActions, rowsOf } from "./agent/plan_actions.js";
import { keepBadgesHonest } from "./ticket/badges.js";
import { whyButton } from "./ticket/deadline_explanation.js";
import { isOpenTicket, isPhone, onlyFor } from "./ticket/open_ticket.js";
import { listOf, promiseRows } from "./ticket/promise.js";
import { factsOf, keepOnPage, leavePage, putOnPage } from "./ticket/ticket_page.js";

// The run that began last. Helpdesk shows the actions of the one that ends last, which may
// belong to the ticket shown before.
let latest = null;
// Helpdesk may run a form script several times for one change; each is announced once.
let announced = null;

export async function setupForm(page) {
  if (!isOpenTicket(page.doc?.name)) return { actions: (await latest) || [] };
  const run = setUp(page);
  latest = run;
  const actions = await run;
  return { actions: latest === run ? actions : await latest };
}

async function setUp(page) {
  const found = await Promise.all([accessDetailsActions(page), planOnPage(page)]);
  return onlyFor(page.doc.name, found.flat());
}

// Shows the plan beside the ticket, and returns what it lets an agent do.
async function planOnPage(page) {
  const { doc, call, toast } = page;
  if (!doc.beesender_admission) {
    leavePage();
    return [];
  }
  const before = factsOf(doc.name);
  if (!before) announced = null;
  const facts = await keepOnPage({
    ticket: doc.name,
    load: () => call("beesender_support.api.agent.ticket_panel", { ticket: doc.name }),
    draw: (panel) => {
      keepBadgesHonest(panel.promise);
      putOnPage("panel", panel, () => panelOf(page, panel), placeBesideTicket);
    },
  });
  if (!facts) return [];
  announce(toast, before, facts);
  const actions = [...(await actionsOnHeldRequest(page)), ...planActions(page, facts)];
  // A phone has no groups of actions.
  return isPhone()
    ? actions.map(({ label, onClick }) => ({ label, onClick }))
    : actions;
}

// Helpdesk's own fields save at once: announce the result.
function announce(toast, before, after) {
  const words = deadlineChange(before, after);
  if (!words) return;
  const change = JSON.stringify([dues(before), dues(after)]);
  if (announced === change) return;
  announced = change;
  toast.info(words);
}

function dues({ promise }) {
  return [promise.due, ...promise.promises.map(({ due }) => due)];
}

function panelOf(page, panel) {
  const { promise, rows, labels } = panel;
  return element(
    "section",
    { class: "beesender-panel beside-ticket border-t", "aria-label": labels.title },
    element("h2", {}, labels.title),
    listOf(promiseRows(promise)),
    whyButton(page, promise),
    askedPart(page, panel),
    rowsOf(rows),
  );
}

// Below Helpdesk's own fields; on a phone above the details.
function placeBesideTicket(panel) {
  const fields = document.querySelector("#priority")?.closest(".shrink-0");
  if (fields) fields.after(panel);
  else document.querySelector("[role=tabpanel] h3")?.before(panel);
}
