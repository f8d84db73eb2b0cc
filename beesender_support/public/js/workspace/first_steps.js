// The first steps of a site that is new to this app, on the workspace in Desk.
import { element } from "../shared/dom.js";
import { whileBusy } from "../shared/forms.js";
import { DIALOGS, takeAway } from "./first_hour.js";

const SIGNS = { done: "✓", to_do: "", to_look_at: "!" };

// `root` is the shadow root in which Desk shows the block.
export function show(root) {
  const section = root.querySelector(".first-steps");
  // What became of the last click, by the step it was on: it stays while the steps are
  // drawn anew.
  const said = {};
  // The facts change while somebody is on another page, so they are loaded each time
  // the steps come into view. The section is empty until the first response, so its
  // host is watched.
  new IntersectionObserver(async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    await draw();
  }).observe(root.host.parentElement);

  async function draw() {
    const answer = await firstSteps();
    const focused = placeOf(root.activeElement);
    section.replaceChildren(stepsOf(answer, { said, draw }));
    if (focused) root.querySelector(focused)?.focus();
  }
}

function firstSteps() {
  return frappe.xcall("beesender_support.api.workspace.first_steps", {}, "GET");
}

// Drawing anew takes the focus away: it goes back to the same step.
function placeOf(node) {
  const code = node?.closest("[data-step]")?.dataset.step;
  return code && `[data-step=${code}] h3`;
}

// `page` draws anew after something was done, and keeps what was said of it.
function stepsOf(answer, page) {
  return element(
    "details",
    { open: !answer.is_done },
    element(
      "summary",
      {},
      element("h2", {}, answer.title),
      element("span", { class: "progress-text" }, answer.progress),
    ),
    element(
      "ol",
      {},
      answer.steps.map((step) => itemOf(step, page)),
    ),
    samplesOf(answer.samples, page),
  );
}

function itemOf(step, page) {
  const tick = element(
    "span",
    { class: "tick", role: "img", "aria-label": step.mark },
    SIGNS[step.state],
  );
  const kind = `step is-${step.state.replaceAll("_", "-")}`;
  return element(
    "li",
    { class: kind, "data-step": step.code },
    tick,
    element("h3", { tabindex: -1 }, step.title),
    step.state === "done" ? [] : whatToDo(step, page),
    step.offers.length > 0 &&
      element(
        "div",
        { class: "offers" },
        step.offers.map((offer) => actionButton(offer, step.code, page)),
      ),
    saidOf(page.said[step.code]),
  );
}

function saidOf(tried) {
  if (!tried) return null;
  const kind = tried.is_good ? "said is-good" : "said is-bad";
  return element("p", { class: kind, role: "status" }, tried.sentence);
}

function whatToDo(step, page) {
  return [
    element("p", { class: "what-to-do" }, step.what_to_do),
    missingList(step, page),
    step.who && element("p", { class: "what-to-do" }, step.who),
    step.route && link(step.route, step.list),
    step.also && link(step.also.route, step.also.label),
  ];
}

function missingList({ missing, more, code }, page) {
  const items = missing.map(({ route, sentence, action }) =>
    element(
      "li",
      {},
      route ? link(route, sentence) : sentence,
      action && [" ", actionButton(action, code, page)],
    ),
  );
  return element("ul", { class: "missing" }, items, more && element("li", {}, more));
}

function actionButton({ label, method, args, asks }, code, { said, draw }) {
  return button(label, async () => {
    delete said[code];
    const act = asks
      ? () => DIALOGS[asks](method, args)
      : () => frappe.xcall(method, args);
    const answer = await act();
    if (answer?.sentence) said[code] = answer;
    await draw();
  });
}

function samplesOf({ are_there, title, sentence, label }, { said, draw }) {
  const act = are_there
    ? takeAway
    : () => frappe.xcall("beesender_support.api.first_hour.put_in_samples");
  return element(
    "div",
    { class: "samples", "data-step": "samples" },
    element("h3", { tabindex: -1 }, title),
    element("p", { class: "what-to-do" }, sentence),
    button(label, async () => {
      delete said.samples;
      const answer = await act();
      if (answer?.sentence) said.samples = answer;
      await draw();
    }),
    saidOf(said.samples),
  );
}

// Pressed once until it is done; what is refused Desk shows by itself.
function button(label, act) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", () =>
    whileBusy([made], async () => {
      try {
        await act();
      } catch (refused) {
        if (refused instanceof Error) throw refused;
      }
    }),
  );
  return made;
}

function link(route, text) {
  const made = element("a", { href: frappe.router.make_url(route) }, text);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    frappe.set_route(route);
  });
  return made;
}
