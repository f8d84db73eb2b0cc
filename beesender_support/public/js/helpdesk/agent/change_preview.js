// Another category or priority: the deadline it would give, before it is saved.
import { element } from "../../shared/dom.js";
import { fillOptions, openDialog, wordsOf } from "../dialog.js";
import { instantWithZones, listOf, stateOf } from "../ticket/promise.js";

const API = "beesender_support.api.agent";

export async function openChange({ doc, call, toast }, labels) {
  const chosen = { category: doc.ticket_type, priority: doc.beesender_priority };
  const ask = (values) =>
    call(`${API}.preview_change`, { ticket: doc.name, ...values });
  const first = await ask(chosen).catch((error) => toast.error(wordsOf(error)));
  if (!first?.categories) return;

  const outcome = element("div", {
    class: "beesender-panel bare",
    "aria-live": "polite",
  });
  showOutcome(outcome, labels, first);
  const dialog = openDialog({
    title: labels.change,
    fields: [
      selectOf("category", labels.category, first.categories, chosen.category),
      selectOf("priority", labels.priority, first.priorities, chosen.priority),
      { name: "why", label: labels.why_change, hint: labels.client_reads, rows: 2 },
    ],
    close: labels.cancel,
    submit: labels.save,
    onSubmit: async (values) => {
      await call(`${API}.change_ticket`, { ticket: doc.name, ...values });
      window.location.reload();
    },
  });
  dialog.querySelector("[role=alert]").before(outcome);
  previewChanges(dialog, ask, (answer) => showOutcome(outcome, labels, answer));
}

function selectOf(name, label, options, value) {
  return { name, label, type: "select", options, value, required: true };
}

// Requests a preview at every choice, and shows the response to the last one.
function previewChanges(dialog, ask, show) {
  const { category, priority, why } = dialog.querySelector("form").elements;
  let asked = 0;
  dialog.addEventListener("change", async ({ target }) => {
    if (target === why) return;
    const number = ++asked;
    const answer = await ask({ category: category.value, priority: priority.value });
    if (number !== asked) return;
    fillOptions(priority, answer.priorities);
    priority.value = answer.priority;
    why.required = Boolean(answer.needs_reason);
    show(answer);
  });
}

function showOutcome(outcome, labels, answer) {
  const { before, after, correction, needs_reason: reason } = answer;
  const due = (promise, glance) =>
    promise.due
      ? instantWithZones(promise.due, glance)
      : element("p", { class: "also" }, promise.sentence);
  const areSeveral = [before, after].some(({ promises }) => promises.length > 1);
  const named = ({ name }) => areSeveral && element("span", { class: "also" }, name);
  const one = (promise, glance) =>
    element("div", {}, named(promise), stateOf(promise), due(promise, glance));
  const standing = (glance) =>
    element(
      "div",
      { class: "standing" },
      (glance.promises.length ? glance.promises : [glance]).map((each) =>
        one(each, glance),
      ),
    );
  outcome.replaceChildren(
    ...[correction, reason].filter(Boolean).map((words) => element("p", {}, words)),
    listOf([
      [labels.before, standing(before)],
      [labels.after, standing(after)],
    ]),
  );
}
