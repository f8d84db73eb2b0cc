// The promise of a request, for a client: beside it on a desk, above it on a phone.
import { element } from "../shared/dom.js";
import { accessDetailsActions } from "./client/access_details.js";
import { keepBadgesHonest, rowsLabelled } from "./ticket/badges.js";
import { whyButton } from "./ticket/deadline_explanation.js";
import { isOpenTicket, isPhone, onlyFor } from "./ticket/open_ticket.js";
import { listOf, promiseRows } from "./ticket/promise.js";
import { keepOnPage, leavePage, putOnPage } from "./ticket/ticket_page.js";

const PROMISE = "beesender_support.api.portal.promise_in_words";

export async function setupForm(page) {
  const { doc } = page;
  if (!isOpenTicket(doc?.name)) return { actions: [] };
  if (!doc.beesender_admission) {
    leavePage();
    return { actions: [] };
  }
  const [actions] = await Promise.all([
    accessDetailsActions(page),
    promiseOnPage(page),
  ]);
  return { actions: onlyFor(doc.name, actions) };
}

function promiseOnPage(page) {
  const { doc, call } = page;
  return keepOnPage({
    ticket: doc.name,
    load: () => call(PROMISE, { ticket: doc.name }),
    draw: (promise) => {
      keepBadgesHonest(promise);
      putOnPage("promise", promise, () => promiseBox(page, promise), placeInPortal);
    },
  });
}

function promiseBox(page, promise) {
  const { labels } = promise;
  const { promises } = promise;
  const [state, ...rows] = promiseRows(promise);
  // On a desk Helpdesk's own badge says how a single promise stands, right above.
  const isSaidAbove = !isPhone() && promises.length < 2;
  const plan = element("a", { href: "/support-plan" }, labels.plan);
  const place = isPhone() ? "in-portal on-phone" : "in-portal";
  return element(
    "section",
    { class: `beesender-panel ${place} border-b`, "aria-label": labels.box },
    listOf([...promise.understood, ...(isSaidAbove ? rows : [state, ...rows])]),
    promise.support && element("p", {}, promise.support),
    !promises.length && element("p", {}, promise.sentence),
    element("div", { class: "buttons" }, whyButton(page, promise), plan),
  );
}

function placeInPortal(box) {
  const [badge] = rowsLabelled("First Response");
  const tabs = document.querySelector("section [role=tablist]");
  if (badge?.closest(".border-l")) badge.closest(".border-b").after(box);
  else tabs?.closest("section").prepend(box);
}
