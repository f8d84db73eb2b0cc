// What the page of a new request is made of.
import { element } from "../../shared/dom.js";
import { whileBusy } from "../../shared/forms.js";
import { instantInWords } from "../../shared/instants.js";
import { fill } from "../../shared/sentences.js";
import { fillOptions } from "../dialog.js";

const quiet = (...children) => element("div", { class: "quiet" }, children);

// Why nothing can be requested, and where to read about the plan.
export function topOf(page, askForSeat) {
  if (!page?.is_client && !page?.refusal) return [];
  const { labels, refusal, seat_on: seatOn } = page;
  // In a new tab, so that what was typed stays.
  const newTab = { target: "_blank", rel: "noopener" };
  const link = element("a", { href: page.plan_page, ...newTab }, labels.plan);
  if (!refusal) return [quiet(link)];
  return [
    element(
      "div",
      { class: "box refusal", role: "alert" },
      element("strong", {}, labels.cannot_ask),
      element("p", {}, refusal),
      seatOn && seatButton(labels, () => askForSeat(seatOn)),
      page.is_client && link,
    ),
  ];
}

// Asks those who can give a seat for one, and says what became of it.
function seatButton(labels, ask) {
  const said = element("p", { role: "status", tabindex: -1 });
  const button = element("button", { type: "button" }, labels.ask_for_seat);
  button.addEventListener("click", () =>
    whileBusy([button], async () => {
      // Helpdesk shows a refusal itself.
      const answer = await ask().catch(() => null);
      said.textContent = answer?.sentence || "";
      if (!answer?.is_told) return;
      // What had the focus goes.
      said.focus();
      button.hidden = true;
    }),
  );
  return element("div", { class: "seat" }, button, said);
}

export function choicesOf(legend, choices, onChange) {
  const group = element("div", { class: "choices" }, choices);
  group.addEventListener("change", onChange);
  return element("fieldset", {}, element("legend", {}, legend), group);
}

export function choiceOf(name, value, title, meaning) {
  return element(
    "label",
    { class: "choice" },
    element("input", { type: "radio", name, value }),
    element(
      "span",
      {},
      element("strong", {}, title),
      meaning && element("span", { class: "quiet" }, meaning),
    ),
  );
}

export function promiseBox() {
  return element("div", { class: "box", role: "status" });
}

// `isRated` says that answers gave the priority: then the box names it, too. Without an
// offered priority a question is open.
export function showPromise(box, { labels, language }, offered, isRated) {
  const lines = offered
    ? [
        ...(isRated ? ratedLine(offered) : []),
        ...promiseLines(labels, language, offered),
      ]
    : [quiet(labels.unanswered)];
  // Screen readers announce changes, so it changes only when the text differs.
  const words = lines.map(({ textContent }) => textContent).join("");
  if (box.textContent !== words) box.replaceChildren(...lines);
}

function ratedLine({ code, meaning }) {
  return [
    element(
      "div",
      {},
      element("strong", {}, code),
      meaning && element("span", { class: "quiet" }, ` ${meaning}`),
    ),
  ];
}

function promiseLines(labels, language, offered) {
  const first = promiseLine(labels.answer_by, language, offered);
  const further = (offered.further || []).flatMap((each) =>
    each.due ? promiseLine(each.by, language, each) : [quiet(each.promise)],
  );
  return [...first, ...further];
}

// By when, and of what promise that is; the promise alone where nothing is due.
function promiseLine(by, language, { due, promise }) {
  return due
    ? [
        element("strong", {}, fill(by, instantInWords(due, language))),
        element("span", { class: "quiet" }, promise),
      ]
    : [element("strong", {}, promise)];
}

export function detailsField(doc) {
  const text = element("textarea", {
    rows: 3,
    maxlength: 10_000,
    autocomplete: "off",
    spellcheck: "false",
  });
  const write = () => {
    doc.beesender_access_details = text.value;
  };
  text.addEventListener("input", write);
  const field = element("details");
  return {
    shown(labels) {
      // The same text is shown again after another customer was chosen in between.
      write();
      text.setAttribute("aria-label", labels.details);
      const summary = element("summary", {}, labels.details_summary);
      field.replaceChildren(summary, quiet(labels.details_hint), text);
      return field;
    },
  };
}

// What is asked for beside an answer, and how the plan stands to it. Nothing is blocked.
export function askedField(doc) {
  const select = element("select", { name: "beesender-entitlement" });
  const said = element("div", { class: "box asked", "aria-live": "polite" });
  let offered = [];
  const draw = () => {
    const chosen = offered.find(({ value }) => value === select.value);
    doc.beesender_entitlement = chosen?.value ?? "";
    said.hidden = !chosen;
    said.classList.toggle("refusal", Boolean(chosen && !chosen.is_included));
    if (said.textContent !== (chosen?.said ?? ""))
      said.textContent = chosen?.said ?? "";
  };
  select.addEventListener("change", draw);
  return {
    shown({ labels, entitlements }) {
      offered = entitlements;
      if (!offered.length) return [];
      const chosen = select.value;
      fillOptions(select, [{ value: "", label: labels.nothing_asked }, ...offered]);
      select.value = offered.some(({ value }) => value === chosen) ? chosen : "";
      draw();
      const heading = element("span", { class: "heading" }, labels.asked);
      return [element("label", { class: "asked" }, heading, select), said];
    },
  };
}

export function descriptionOf(labels) {
  const heading = element("div", { class: "heading" }, labels.description);
  return element("div", {}, heading, quiet(labels.no_passwords));
}
