// The first steps of a site that is new to this app, on the workspace in Desk.
import { element } from "../shared/dom.js";

// `root` is the shadow root in which Desk shows the block.
export function show(root) {
  const section = root.querySelector(".first-steps");
  // The facts change while somebody is on another page, so they are loaded each time
  // the steps come into view. The section is empty until the first response, so its
  // host is watched.
  new IntersectionObserver(async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    await draw();
  }).observe(root.host.parentElement);

  async function draw() {
    section.replaceChildren(stepsOf(await firstSteps(), draw));
  }
}

function firstSteps() {
  return frappe.xcall("beesender_support.api.workspace.first_steps", {}, "GET");
}

// `redraw` asks anew after something was mended.
function stepsOf(answer, redraw) {
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
      answer.steps.map((step) => itemOf(step, answer, redraw)),
    ),
  );
}

function itemOf(step, words, redraw) {
  const tick = element(
    "span",
    {
      class: "tick",
      role: "img",
      "aria-label": step.is_done ? words.done : words.to_do,
    },
    step.is_done && "✓",
  );
  return element(
    "li",
    { class: step.is_done ? "step is-done" : "step", "data-step": step.code },
    tick,
    element("h3", {}, step.title),
    step.is_done ? [] : whatToDo(step, redraw),
  );
}

function whatToDo(step, redraw) {
  return [
    element("p", { class: "what-to-do" }, step.what_to_do),
    missingList(step, redraw),
    step.who && element("p", { class: "what-to-do" }, step.who),
    step.route && link(step.route, step.list),
  ];
}

function missingList({ missing, more }, redraw) {
  const items = missing.map(({ route, sentence, action }) =>
    element(
      "li",
      {},
      route ? link(route, sentence) : sentence,
      action && [" ", actionButton(action, redraw)],
    ),
  );
  return element("ul", { class: "missing" }, items, more && element("li", {}, more));
}

function actionButton({ label, method, args }, redraw) {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await frappe.xcall(method, args);
    } finally {
      await redraw();
    }
  });
  return button;
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
