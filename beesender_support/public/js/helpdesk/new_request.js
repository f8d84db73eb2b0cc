// The page of a new ticket: what may be asked under the client's plan, what each choice
// promises, and a place for access details. It shows what the server says and decides
// nothing; without a plan the page stays Helpdesk's own.
const REFRESH_EVERY = 60_000;

async function setupForm({ doc, call }) {
  const form = formOf(doc);
  const refresh = async () => {
    const asked = whoAsks(doc);
    const page = await call("beesender_support.api.portal.new_request", asked);
    // Somebody else was chosen while the server answered.
    const now = whoAsks(doc);
    if (asked.customer === now.customer && asked.contact === now.contact) form.show(page);
  };
  // Before a fault is told, the form is still Helpdesk's own, and the server decides.
  const refreshQuietly = () => refresh().catch(() => {});
  form.onChoice = refreshQuietly;
  await refreshQuietly();
  const timer = setInterval(() => {
    if (form.isGone()) clearInterval(timer);
    else if (!document.hidden) refreshQuietly();
  }, REFRESH_EVERY);
  return { actions: [], onChange: { customer: refreshQuietly, contact: refreshQuietly } };
}

// Whom the request is for: an agent may name a customer, a contact of theirs, or both.
function whoAsks({ customer, contact }) {
  return { customer: customer || null, contact: contact || null };
}

// What this script adds to the page, and what was chosen in it.
function formOf(doc) {
  const subject = document.querySelector('input[maxlength="140"]');
  const parts = subject.closest(".gap-2").parentElement;
  const panel = element("section", "beesender-request");
  const top = element("div", "beesender-request");
  const hint = element("div", "text-p-sm text-ink-gray-6");
  const details = detailsField(doc);
  const template = templateOf(parts);
  let page = null;
  let drawn = "";
  let wasOffered = false;
  let isRefused = false;
  let isPriorityChosen = false;

  const form = { show, onChoice: () => {}, isGone: () => !parts.isConnected };

  function show(answer) {
    isRefused = Boolean(answer?.refusal);
    top.replaceChildren(...topOf(answer));
    useLook("request", REQUEST_LOOK);
    parts.parentElement.prepend(top);
    // No client writes in vain, but what was written meanwhile stays in sight.
    parts.style.display = isRefused && answer.is_client && !wasOffered ? "none" : "";
    if (isRefused) return takeBackPromise();
    page = answer;
    if (!page) return clear();
    wasOffered = true;
    hint.textContent = page.labels.subject_hint;
    subject.closest(".gap-2").append(hint);
    parts.lastElementChild.before(panel);
    doc.beesender_offers = 1;
    if (!page.categories.some(({ name }) => name === doc.ticket_type)) choose(page.category);
    else draw();
  }

  // What was offered a moment ago is refused now.
  function takeBackPromise() {
    panel.querySelector("[role=status]")?.replaceChildren();
  }

  // Another customer was chosen, one without a plan.
  function clear() {
    if (!doc.beesender_offers) return;
    panel.remove();
    hint.remove();
    drawn = "";
    for (const field of ["ticket_type", "beesender_priority", "beesender_access_details"]) {
      doc[field] = "";
    }
    doc.beesender_offers = "";
  }

  function category() {
    return page.categories.find(({ name }) => name === doc.ticket_type);
  }

  function priority() {
    const { priorities } = category();
    return priorities.find(({ code }) => code === doc.beesender_priority);
  }

  function choose(name) {
    doc.ticket_type = name;
    if (!isPriorityChosen || !priority()) {
      doc.beesender_priority = category().priority;
      isPriorityChosen = false;
    }
    if (page.is_client) template.use(category().description);
    draw();
  }

  function choosePriority(code) {
    doc.beesender_priority = code;
    isPriorityChosen = true;
    draw();
  }

  // Drawn anew only where something else is offered: whoever is choosing keeps the focus.
  function draw() {
    const offered = JSON.stringify([page.categories, doc.ticket_type], (key, value) =>
      key === "due" ? undefined : value
    );
    if (offered !== drawn) {
      const focused = panel.querySelector("input[type=radio]:focus");
      panel.replaceChildren(...panelOf());
      if (focused) radio(focused.name, focused.value)?.focus();
      drawn = offered;
    }
    for (const value of [doc.ticket_type, doc.beesender_priority]) {
      const chosen = [...panel.querySelectorAll("input")].find((each) => each.value === value);
      if (chosen) chosen.checked = true;
    }
    if (isRefused) takeBackPromise();
    else showPromise(panel.querySelector("[role=status]"), page, priority());
  }

  function radio(name, value) {
    const radios = [...panel.querySelectorAll("input[type=radio]")];
    return radios.find((each) => each.name === name && each.value === value);
  }

  function panelOf() {
    const { labels } = page;
    const categories = page.categories.map(({ name, label, meaning }) =>
      choiceOf("beesender-category", name, label, meaning)
    );
    const priorities = category().priorities.map(({ code, meaning }) =>
      choiceOf("beesender-priority", code, code, meaning)
    );
    const promise = element("div", "box");
    promise.setAttribute("role", "status");
    return [
      choicesOf(labels.category, categories, chosen(choose)),
      choicesOf(labels.priority, priorities, chosen(choosePriority)),
      promise,
      ...(page.is_client ? [details.shown(labels), descriptionOf(labels)] : []),
    ];
  }

  function chosen(action) {
    return (event) => {
      action(event.target.value);
      form.onChoice();
    };
  }

  return form;
}

// Puts the questions of a category into the description, as long as nobody wrote there.
function templateOf(parts) {
  let used = null;

  async function use(html) {
    const editor = await editorIn(parts);
    if (!editor || !(editor.isEmpty || editor.getHTML() === used)) return;
    editor.commands.setContent(html, true);
    used = editor.getHTML();
  }

  return { use };
}

// Helpdesk loads its editor when it is first needed.
async function editorIn(parts) {
  for (let tries = 0; tries < 100 && parts.isConnected; tries++) {
    const editor = parts.querySelector(".ProseMirror")?.editor;
    if (editor) return editor;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}
