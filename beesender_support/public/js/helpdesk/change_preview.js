// Another category or priority: the deadline it would give, before it is saved.
async function openChange({ doc, call, toast }, labels) {
  const chosen = { category: doc.ticket_type, priority: doc.beesender_priority };
  const ask = (values) =>
    call(`${AGENT_API}.preview_change`, { ticket: doc.name, ...values });
  const first = await ask(chosen).catch((error) => toast.error(wordsOf(error)));
  if (!first?.categories) return;

  const outcome = element("div", "beesender-panel");
  outcome.setAttribute("aria-live", "polite");
  outcome.style.padding = 0;
  showOutcome(outcome, labels, first);
  const dialog = openDialog({
    title: labels.change,
    fields: [
      selectOf("category", labels.category, first.categories, chosen.category),
      selectOf("priority", labels.priority, first.priorities, chosen.priority),
    ],
    close: labels.cancel,
    submit: labels.save,
    onSubmit: async (values) => {
      await call(`${AGENT_API}.change_ticket`, { ticket: doc.name, ...values });
      window.location.reload();
    },
  });
  dialog.querySelector("[role=alert]").before(outcome);
  previewChanges(dialog, ask, (answer) => showOutcome(outcome, labels, answer));
}

function selectOf(name, label, options, value) {
  return { name, label, type: "select", options, value, required: true };
}

// Asks at every choice, and shows the answer to the last one.
function previewChanges(dialog, ask, show) {
  const { category, priority } = dialog.querySelector("form").elements;
  let asked = 0;
  dialog.addEventListener("change", async () => {
    const number = ++asked;
    const answer = await ask({ category: category.value, priority: priority.value });
    if (number !== asked) return;
    fillOptions(priority, answer.priorities);
    priority.value = answer.priority;
    show(answer);
  });
}

function showOutcome(outcome, labels, { before, after, correction }) {
  const moment = (promise) =>
    element(
      "div",
      "",
      stateOf(promise),
      promise.due ? momentWithZones(promise.due, promise) : element("p", "also", promise.sentence)
    );
  outcome.replaceChildren(
    ...(correction ? [element("p", "", correction)] : []),
    listOf([
      [labels.before, moment(before)],
      [labels.after, moment(after)],
    ])
  );
}
