const section = root_element.querySelector(".first-steps");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function link(route, text) {
  const made = element("a", "", text);
  made.href = frappe.router.make_url(route);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    frappe.set_route(route);
  });
  return made;
}

function missingList(step) {
  const list = element("ul", "missing");
  for (const each of step.missing) {
    const item = element("li");
    item.append(each.route ? link(each.route, each.sentence) : each.sentence);
    list.append(item);
  }
  if (step.more) list.append(element("li", "", step.more));
  return list;
}

function stepItem(step, words) {
  const item = element("li", step.is_done ? "step is-done" : "step");
  item.dataset.step = step.code;
  const tick = element("span", "tick", step.is_done ? "✓" : "");
  tick.setAttribute("role", "img");
  tick.setAttribute("aria-label", step.is_done ? words.done : words.to_do);
  item.append(tick, element("h3", "", step.title));
  if (step.is_done) return item;
  item.append(element("p", "what-to-do", step.what_to_do), missingList(step));
  if (step.who) item.append(element("p", "what-to-do", step.who));
  if (step.route) item.append(link(step.route, step.list));
  return item;
}

function show(answer) {
  const details = element("details");
  details.open = !answer.is_done;
  const summary = element("summary");
  summary.append(
    element("h2", "", answer.title),
    element("span", "progress-text", answer.progress)
  );
  const list = element("ol");
  list.append(...answer.steps.map((step) => stepItem(step, answer)));
  details.append(summary, list);
  section.replaceChildren(details);
}

async function ask() {
  show(await frappe.xcall("beesender_support.api.workspace.first_steps", {}, "GET"));
}

// The facts change while somebody is on another page, so they are asked for each time the
// steps come into view. The section is empty until the first answer, so its host is watched.
new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) ask();
}).observe(root_element.host.parentElement);
