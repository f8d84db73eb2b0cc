// The page of a new ticket: what may be requested under the client's plan, what each
// choice promises, and a field for access details. It shows what the server says and
// decides nothing; without a plan the page stays Helpdesk's own.
import { element } from "../shared/dom.js";
import { describe } from "../shared/forms.js";
import { callerOf } from "./request/caller.js";
import { isSame, RequestChoice, whoAsks } from "./request/choice.js";
import { descriptionTemplate } from "./request/description_template.js";
import { KeptParts } from "./request/kept_parts.js";
import {
  askedField,
  choiceOf,
  choicesOf,
  descriptionOf,
  detailsField,
  promiseBox,
  showPromise,
  topOf,
} from "./request/parts.js";
import { useStyles } from "./styles.js";

const EVERY_MINUTE = 60_000;
const HINT = "beesender-subject-hint";
const ASK_FOR_SEAT = "beesender_support.api.portal.ask_for_seat";

export async function setupForm({ doc, call }) {
  const form = formOf(doc, call);
  const refresh = async () => {
    const asked = whoAsks(doc);
    const page = await call("beesender_support.api.portal.new_request", asked);
    // Somebody else was chosen while the server answered.
    if (isSame(asked, whoAsks(doc))) form.show(page);
  };
  // After a fault the form stays Helpdesk's own, and the server decides.
  const refreshQuietly = () => refresh().catch(() => {});
  form.onChoice = refreshQuietly;
  await refreshQuietly();
  if (isForAgents()) callerOf(doc, refreshQuietly).catch(() => {});
  const timer = setInterval(() => {
    if (form.isGone()) clearInterval(timer);
    else if (!document.hidden) refreshQuietly();
  }, EVERY_MINUTE);
  return {
    actions: [],
    onChange: { customer: refreshQuietly, contact: refreshQuietly },
  };
}

// Clients have a page of their own.
function isForAgents() {
  return !window.location.pathname.includes("/my-tickets/");
}

// What this script adds to the page, and what was chosen in it.
function formOf(doc, call) {
  const subject = document.querySelector('input[maxlength="140"]');
  const parts = subject.closest(".gap-2").parentElement;
  const panel = element("section", { class: "beesender-request" });
  const top = element("div", { class: "beesender-request" });
  const hint = element("div", { class: "text-p-sm text-ink-gray-6", id: HINT });
  // Screen readers announce what changes in it, as long as it is the same element.
  const promise = promiseBox();
  const details = detailsField(doc);
  const asked = askedField(doc);
  const template = descriptionTemplate(parts);
  const choice = new RequestChoice(doc);
  const kept = new KeptParts(panel);
  let page = null;
  let wasOffered = false;
  let isRefused = false;

  const form = { show, onChoice: () => {}, isGone: () => !parts.isConnected };

  function show(answer) {
    isRefused = Boolean(answer?.refusal);
    drawTop(answer);
    useStyles("request");
    putFirst(top, parts.parentElement);
    // Clients need not write in vain, and what they already wrote stays visible.
    parts.style.display = isRefused && !answer.waits && !wasOffered ? "none" : "";
    if (isRefused) return takeBackPromise();
    page = answer;
    if (!page) return clear();
    wasOffered = true;
    hint.textContent = page.labels.subject_hint;
    subject.closest(".gap-2").append(hint);
    describe(subject, HINT);
    putBefore(parts.lastElementChild, panel);
    if (choice.offer(page)) useTemplate();
    draw();
  }

  // Redrawn only if it says something else, so that what became of a wish stays.
  function drawTop(answer) {
    const said = JSON.stringify([answer?.is_client, answer?.refusal, answer?.seat_on]);
    if (said === top.dataset.said) return;
    top.dataset.said = said;
    top.replaceChildren(...topOf(answer, (plan) => call(ASK_FOR_SEAT, { plan })));
  }

  // A choice offered a moment ago is refused now.
  function takeBackPromise() {
    promise.replaceChildren();
  }

  // Another customer was chosen, one without a plan.
  function clear() {
    if (!choice.clear()) return;
    panel.remove();
    kept.clear();
    hint.remove();
    describe(subject, HINT, false);
  }

  function useTemplate() {
    if (page.is_client) template.use(choice.category.description);
  }

  // What says the same as before is left alone, so that the focus stays while somebody
  // chooses.
  function draw() {
    kept.show(panelOf());
    const wayRound = panel.querySelector(".way-round");
    if (wayRound) wayRound.hidden = !choice.asksWayRound;
    check("beesender-category", doc.ticket_type);
    check("beesender-priority", doc.beesender_priority);
    check("beesender-affected", doc.beesender_affected);
    check("beesender-way-round", doc.beesender_way_round);
    if (isRefused) takeBackPromise();
    else showPromise(promise, page, choice.priority, choice.isAsked);
  }

  function check(name, value) {
    for (const each of panel.querySelectorAll("input[type=radio]")) {
      if (each.name === name) each.checked = each.value === value;
    }
  }

  function panelOf() {
    const { labels } = page;
    return [
      categoriesOf(labels),
      ...(choice.isAsked ? questionsOf(labels) : [prioritiesOf(labels)]),
      promise,
      ...kept.part("asked", [labels, page.entitlements], () => asked.shown(page)),
      ...(page.is_client ? whatClientsWrite(labels) : []),
    ];
  }

  function whatClientsWrite(labels) {
    return kept.part("written", labels, () => [
      details.shown(labels),
      descriptionOf(labels),
    ]);
  }

  function categoriesOf(labels) {
    return group("category", labels.category, choice.offered.categories, (value) => {
      choice.chooseCategory(value);
      useTemplate();
    });
  }

  function prioritiesOf(labels) {
    return group("priority", labels.priority, choice.offered.priorities, (value) =>
      choice.choosePriority(value),
    );
  }

  function questionsOf(labels) {
    const answers = [
      ["Yes", labels.yes],
      ["No", labels.no],
    ];
    const first = group("affected", labels.affected, choice.offered.affected, (value) =>
      choice.chooseAffected(value),
    );
    // Comes and goes in its place, so that the focus stays while somebody chooses.
    const second = group("way-round", labels.way_round, answers, (value) =>
      choice.chooseWayRound(value),
    );
    second.classList.add("way-round");
    return [first, second];
  }

  // Radio buttons for `offered`, [value, title, meaning] each.
  function group(name, legend, offered, choose) {
    const build = () => {
      const choices = offered.map((each) => choiceOf(`beesender-${name}`, ...each));
      return [
        choicesOf(legend, choices, ({ target }) => {
          choose(target.value);
          draw();
          form.onChoice();
        }),
      ];
    };
    return kept.part(name, [legend, offered], build)[0];
  }

  return form;
}

// Moving what stands there already would take the focus out of it.
function putBefore(place, node) {
  if (place.previousElementSibling !== node) place.before(node);
}

function putFirst(node, parent) {
  if (parent.firstElementChild !== node) parent.prepend(node);
}
