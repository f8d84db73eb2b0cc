// The page of a new ticket: what may be asked under the client's plan, what each choice
// promises, and a place for access details. It shows what the server says and decides
// nothing; without a plan the page stays Helpdesk's own.
const REFRESH_EVERY = 60_000;
const REQUEST_LOOK = `
.beesender-request { display: flex; flex-direction: column; gap: 1.25rem; font-size: 14px;
  line-height: 1.45; color: var(--ink-gray-8, #383838); }
.beesender-request fieldset { min-width: 0; }
.beesender-request :is(legend, summary, .heading) { padding: 0; margin-bottom: 0.5rem;
  font-size: 13px; color: var(--ink-gray-7, #525252); }
.beesender-request .choices { display: grid; gap: 0.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.beesender-request fieldset + fieldset .choices {
  grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
.beesender-request .choice { display: flex; align-items: flex-start; gap: 0.5rem;
  padding: 0.5rem 0.625rem; border-radius: 0.5rem; cursor: pointer;
  border: 1px solid var(--outline-gray-2, #e2e2e2); }
.beesender-request .choice:has(:checked) { background: var(--surface-gray-2, #f3f3f3);
  border-color: var(--outline-gray-5, #383838); }
.beesender-request .choice:has(:focus-visible) {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-request input[type=radio] { flex: none; margin-top: 0.2rem;
  accent-color: var(--ink-gray-9, #171717); color: var(--ink-gray-9, #171717); }
.beesender-request .choice strong { display: block; font-weight: 500;
  color: var(--ink-gray-9, #171717); }
.beesender-request .quiet { font-size: 13px; color: var(--ink-gray-6, #666); }
.beesender-request .box { padding: 0.625rem 0.75rem; border-radius: 0.5rem;
  background: var(--surface-gray-2, #f3f3f3); }
.beesender-request .box strong { display: block; font-weight: 600;
  color: var(--ink-gray-9, #171717); }
.beesender-request .refusal { border-left: 3px solid var(--ink-amber-3, #b45309); }
.beesender-request a { text-decoration: underline; color: var(--ink-gray-8, #383838); }
.beesender-request summary { cursor: pointer; margin: 0; }
.beesender-request details[open] summary { margin-bottom: 0.5rem; }
.beesender-request textarea { width: 100%; margin-top: 0.5rem; padding: 0.375rem 0.5rem;
  font-size: 14px; border-radius: 0.5rem; border: 1px solid var(--outline-gray-2, #e2e2e2);
  background: var(--surface-gray-2, #f3f3f3); color: var(--ink-gray-8, #383838); }
`;

async function setupForm({ doc, call }) {
  const form = formOf(doc);
  const refresh = async () => {
    const customer = doc.customer || null;
    const page = await call("beesender_support.api.portal.new_request", { customer });
    // Another customer was chosen while the server answered.
    if (customer === (doc.customer || null)) form.show(page);
  };
  // Before a fault is told, the form is still Helpdesk's own, and the server decides.
  const refreshQuietly = () => refresh().catch(() => {});
  form.onChoice = refreshQuietly;
  await refreshQuietly();
  const timer = setInterval(() => {
    if (form.isGone()) clearInterval(timer);
    else if (!document.hidden) refreshQuietly();
  }, REFRESH_EVERY);
  return { actions: [], onChange: { customer: refreshQuietly } };
}

// What this script adds to the page, and what was chosen in it.
function formOf(doc) {
  const subject = document.querySelector('input[maxlength="140"]');
  const parts = subject.closest(".gap-2").parentElement;
  const editor = parts.lastElementChild;
  const panel = element("section", "beesender-request");
  const top = element("div", "beesender-request");
  const hint = element("div", "text-p-sm text-ink-gray-6");
  const details = detailsField(doc);
  const template = templateOf(parts);
  let page = null;
  let drawn = "";
  let isPriorityChosen = false;

  const form = { show, onChoice: () => {}, isGone: () => !parts.isConnected };

  function show(answer) {
    page = answer;
    editor.style.display = page?.refusal ? "none" : "";
    top.replaceChildren(...topOf(page));
    if (!page) return clear();
    useLook("request", REQUEST_LOOK);
    parts.parentElement.prepend(top);
    if (!page.categories) return clear();
    hint.textContent = page.labels.subject_hint;
    subject.closest(".gap-2").append(hint);
    editor.before(panel);
    doc.beesender_offers = 1;
    if (!page.categories.some(({ name }) => name === doc.ticket_type)) choose(page.category);
    else draw();
  }

  function clear() {
    panel.remove();
    hint.remove();
    drawn = "";
    for (const field of ["ticket_type", "beesender_priority", "beesender_access_details"]) {
      if (doc.beesender_offers) doc[field] = "";
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
    showPromise(panel.querySelector("[role=status]"), page, priority());
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

function topOf(page) {
  if (!page?.is_client && !page?.refusal) return [];
  const { labels, refusal } = page;
  const link = element("a", "", labels.plan);
  // In a new tab, so that what was typed stays.
  Object.assign(link, { href: page.plan_page, target: "_blank", rel: "noopener" });
  if (!refusal) return [element("div", "quiet", link)];
  const box = element("div", "box refusal", element("strong", "", labels.cannot_ask));
  box.append(element("p", "", refusal), page.is_client ? link : "");
  box.setAttribute("role", "alert");
  return [box];
}

function choicesOf(legend, choices, onChange) {
  const group = element("div", "choices", ...choices);
  const fieldset = element("fieldset", "", element("legend", "", legend), group);
  group.addEventListener("change", onChange);
  return fieldset;
}

function choiceOf(name, value, title, meaning) {
  const input = element("input");
  Object.assign(input, { type: "radio", name, value });
  const words = element("span", "", element("strong", "", title));
  if (meaning) words.append(element("span", "quiet", meaning));
  return element("label", "choice", input, words);
}

function showPromise(box, page, offered) {
  const { labels, language } = page;
  const lines = offered.due
    ? [
        element("strong", "", labels.answer_by.replace("{0}", inWords(offered.due, language))),
        element("span", "quiet", offered.promise),
      ]
    : [element("strong", "", offered.promise)];
  const shown = element("div", "", ...lines);
  // It is read aloud when it changes, so it only changes when it says something else.
  if (box.textContent !== shown.textContent) box.replaceChildren(...lines);
}

// An instant as the reader's own clock and calendar show it.
function inWords(instant, language) {
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

function detailsField(doc) {
  const text = element("textarea");
  Object.assign(text, { rows: 3, maxLength: 10_000, autocomplete: "off", spellcheck: false });
  text.addEventListener("input", () => (doc.beesender_access_details = text.value));
  const field = element("details");
  return {
    shown(labels) {
      text.setAttribute("aria-label", labels.details);
      const hint = element("div", "quiet", labels.details_hint);
      field.replaceChildren(element("summary", "", labels.details_summary), hint, text);
      return field;
    },
  };
}

function descriptionOf(labels) {
  const heading = element("div", "heading", labels.description);
  return element("div", "", heading, element("div", "quiet", labels.no_passwords));
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
