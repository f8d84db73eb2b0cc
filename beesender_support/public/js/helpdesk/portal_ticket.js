// The promise of a request, for a client: beside it on a desk, above it on a phone.
const PROMISE = "beesender_support.api.portal.promise_in_words";

async function setupForm(page) {
  const { doc, call } = page;
  if (!isOpenTicket(doc?.name)) return { actions: [] };
  if (!doc.beesender_admission) {
    leavePage();
    return { actions: [] };
  }
  await keepOnPage({
    ticket: doc.name,
    load: () => call(PROMISE, { ticket: doc.name }),
    draw: (promise) => {
      keepBadgesHonest(promise);
      putOnPage("promise", promise, () => promiseBox(page, promise), placeInPortal);
    },
  });
  return { actions: [] };
}

function promiseBox(page, promise) {
  const { labels } = promise;
  const [state, ...rows] = promiseRows(promise);
  const plan = element("a", "", labels.plan);
  plan.href = "/support-plan";
  const box = element(
    "section",
    "beesender-panel border-b",
    // On a desk Helpdesk's own badge says it, right above.
    listOf(isPhone() ? [state, ...rows] : rows),
    promise.due ? null : element("p", "", promise.sentence),
    element(
      "div",
      "buttons",
      whyButton(page, promise),
      plan
    )
  );
  box.style.padding = isPhone() ? "1rem 1.25rem" : "0 1.25rem 1rem";
  box.setAttribute("aria-label", labels.box);
  return box;
}

function placeInPortal(box) {
  const [badge] = rowsLabelled("First Response");
  const tabs = document.querySelector("section [role=tablist]");
  if (badge?.closest(".border-l")) badge.closest(".border-b").after(box);
  else tabs?.closest("section").prepend(box);
}
