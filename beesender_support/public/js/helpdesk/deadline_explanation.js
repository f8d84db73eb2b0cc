// Why a deadline is when it is.
const WHY_LOOK = `
.beesender-timeline { list-style: none; margin: 0; padding: 0; display: flex;
  flex-direction: column; }
.beesender-timeline li { position: relative; padding: 0 0 0.75rem 1.375rem;
  border-left: 2px solid var(--outline-gray-2, #e2e2e2); margin-left: 0.375rem; }
.beesender-timeline li:last-child { border-color: transparent; padding-bottom: 0; }
.beesender-timeline li::before { content: ""; position: absolute; left: -6px; top: 5px;
  width: 10px; height: 10px; border-radius: 50%; background: var(--surface-gray-9, #171717); }
.beesender-timeline li[data-kind=closed] { border-left-style: dashed; }
.beesender-timeline li[data-kind=closed]::before {
  background: var(--surface-elevation-2, #fff); border: 2px solid var(--outline-gray-4, #999); }
.beesender-timeline li[data-kind=counted]::before { background: var(--surface-blue-6, #0b6ec5); }
.beesender-timeline li[data-kind=due]::before { background: var(--surface-amber-6, #db7706); }
.beesender-timeline li[data-kind=answered]::before { background: var(--surface-green-6, #278f5e); }
.beesender-timeline time { display: block; font-size: 13px; color: var(--ink-gray-6, #525252); }
.beesender-timeline li[data-kind=closed] span { color: var(--ink-gray-6, #525252); }
`;

// "Mon, 23 Nov, 12:30", and below it what that is elsewhere.
function momentWithZones(instant, promise) {
  const also = elsewhere(instant, promise).map((words) => element("span", "also", words));
  return element("div", "", momentInWords(instant, promise.language), ...also);
}

function stateOf({ state, label }) {
  const words = element("span", "beesender-state", label);
  words.dataset.state = state;
  return words;
}

// Without a deadline there is nothing to explain line by line.
function whyButton(page, { due, labels }) {
  return due ? button(labels.why, { onClick: () => openWhy(page) }) : null;
}

async function openWhy({ call, toast, doc }) {
  try {
    const why = await call("beesender_support.api.portal.explain_deadline", {
      ticket: doc.name,
    });
    if (why) showWhy(why);
    else window.location.reload();
  } catch (error) {
    toast.error(wordsOf(error));
  }
}

function showWhy(why) {
  useLook("why", WHY_LOOK);
  useLook("page", PAGE_LOOK);
  const part = element("div", "beesender-panel", stateOf(why));
  part.style.padding = 0;
  if (why.due) part.append(momentWithZones(why.due, why));
  openDialog({ title: why.labels.title, body: [part, why.sentence, timeline(why)] });
}

function timeline({ lines, language }) {
  const list = element("ol", "beesender-timeline");
  for (const line of lines) {
    const when = element("time", "", rangeInWords(line, language));
    when.dateTime = line.at;
    const item = element("li", "", when, element("span", "", line.words));
    item.dataset.kind = line.kind;
    list.append(item);
  }
  return list;
}

// Rows of a description list: [label, text or node]; an empty value has no row.
function listOf(rows) {
  const list = element("dl");
  for (const [label, value] of rows) {
    if (value) list.append(element("dt", "", label), element("dd", "", value));
  }
  return list;
}

// What is promised, and when it was kept, for a panel.
function promiseRows(promise) {
  const { labels, due, answered } = promise;
  return [
    [labels.state, stateOf(promise)],
    [labels.due, due && momentWithZones(due, promise)],
    [labels.answered, answered && momentInWords(answered, promise.language)],
  ];
}
