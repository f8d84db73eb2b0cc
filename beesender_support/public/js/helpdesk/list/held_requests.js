// Several held requests are decided together, from the list that shows them.
import { element } from "../../shared/dom.js";
import { showFault, whileBusy } from "../../shared/forms.js";
import { fill } from "../../shared/sentences.js";
import { button, openDialog, wordsOf } from "../dialog.js";
import { post } from "../server.js";

const API = "beesender_support.api.agent";
const PART = "decide-held";
// The server decides as many at once.
const MOST = 100;

// A button beside that for a new ticket, as long as the list shows a request that waits.
export function offerDecision(rows, { held, decide }) {
  const present = document.querySelector(`[data-beesender-part="${PART}"]`);
  const create = document.querySelector("#app-header a[href*='tickets/new']");
  if (!rows.length || !create) return present?.remove();
  const label = fill(held, rows.length);
  // The same button stays, and with it the focus.
  const node = present ?? button("", { onClick: () => openDecision(node.title) });
  if (node.textContent !== label) {
    node.textContent = label;
    node.dataset.beesenderPart = PART;
    node.setAttribute("aria-label", `${label}. ${decide}`);
    node.title = decide;
  }
  if (node.nextSibling !== create) create.before(node);
}

// The rows of the moment, of which the ticked ones are chosen at first.
let shown = () => [];
export function askForRows(rowsOfMoment) {
  shown = rowsOfMoment;
}

async function openDecision(label) {
  const rows = shown().slice(0, MOST);
  const ticked = rows.filter(({ row }) => row.querySelector("input:checked"));
  try {
    const tickets = rows.map(({ ticket }) => ticket);
    const { held, labels } = await post(`${API}.held_among`, { tickets });
    showDecision(held, new Set(ticked.map(({ ticket }) => ticket)), labels);
  } catch (error) {
    openDialog({ title: label, body: [wordsOf(error)] });
  }
}

function showDecision(held, ticked, labels) {
  const choices = held.map((each) => choiceOf(each, ticked.has(each.ticket), labels));
  const boxes = choices.map((choice) => choice.querySelector("input"));
  const all = element("input", {
    type: "checkbox",
    checked: ticked.size === held.length,
  });
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  const reply = element("textarea", { rows: 4 });
  const why = element("textarea", { rows: 2 });
  const fault = element("p", { role: "alert" });
  const body = [
    element("label", { class: "held-request" }, all, labels.choose_all),
    element(
      "div",
      { class: "held-requests", role: "group", "aria-label": labels.title },
      choices,
    ),
    element(
      "label",
      {},
      labels.needs_reply,
      reply,
      element("span", { class: "hint" }, labels.own_reply),
    ),
    element("label", {}, labels.why, why),
    fault,
  ];

  function decision(name, method, done, values = () => ({})) {
    const onClick = async (dialog) => {
      const tickets = boxes.filter((box) => box.checked).map((box) => box.value);
      showFault(dialog, fault, tickets.length ? "" : labels.none_chosen);
      if (!tickets.length) return;
      await whileBusy(dialog.querySelectorAll("button"), async () => {
        try {
          const asked = { tickets, why: why.value, ...values() };
          const outcomes = await post(`${API}.${method}`, asked);
          dialog.close();
          showOutcomes(outcomes, labels[done], labels);
        } catch (error) {
          showFault(dialog, fault, wordsOf(error));
        }
      });
    };
    return { label: labels[name], onClick };
  }

  const mayBeSeated = held.some(({ free_seats }) => free_seats > 0);
  const seat = decision("admit_with_seat", "admit_several", "admitted", () => ({
    with_seat: true,
  }));
  openDialog({
    title: labels.title,
    body,
    close: labels.cancel,
    actions: [
      decision("decline", "decline_several", "declined", () => ({
        reply: reply.value,
      })),
      ...(mayBeSeated ? [seat] : []),
      decision("admit_once", "admit_several", "admitted"),
    ],
  });
}

function choiceOf(held, isChosen, labels) {
  const { ticket, subject, sender, customer, reason, free_seats } = held;
  const box = element("input", { type: "checkbox", value: ticket, checked: isChosen });
  const from = [sender, customer].filter(Boolean).join(" · ");
  return element(
    "label",
    { class: "held-request" },
    box,
    element(
      "span",
      {},
      element("strong", {}, `#${ticket} ${subject}`),
      element("span", { class: "quiet" }, from),
      element("span", { class: "quiet" }, reason),
      free_seats > 0 &&
        element("span", { class: "quiet" }, fill(labels.seats_left, free_seats)),
    ),
  );
}

// What became of each: those that were decided are counted, the others are named.
function showOutcomes(outcomes, done, labels) {
  const left = outcomes.filter(({ is_decided }) => !is_decided);
  const body = [fill(done, outcomes.length - left.length)];
  if (left.length) {
    const reasons = left.map(({ words }) => element("li", {}, words));
    body.push(fill(labels.not_decided, left.length), element("ul", {}, reasons));
  }
  const dialog = openDialog({ title: labels.title, body, close: labels.close });
  dialog.addEventListener("close", () => window.location.reload());
}
