// Helpdesk's badges draw an empty deadline as a failed one, and mistake the site's time
// for the browser's. A request with a plan gets words from the server instead; where no
// solution is promised, none is shown.
import { stateOf } from "./promise.js";
import { hide, unhide } from "./ticket_page.js";

const PLACES = "#app-header span, .border-l div, [role=tabpanel] :is(span, div)";

export function keepBadgesHonest(glance) {
  const solution = glance.promises.find(({ target }) => target === "solution");
  for (const row of rowsLabelled("Resolution", "Expected Resolution")) {
    const divider = row.previousElementSibling;
    const parts = divider && !divider.textContent ? [row, divider] : [row];
    parts.forEach(solution ? unhide : hide);
    if (solution) sayOnBadge(row, solution);
  }
  for (const row of rowsLabelled("First Response", "Expected First Response")) {
    sayOnBadge(row, glance);
  }
}

export function rowsLabelled(...texts) {
  return [...document.querySelectorAll(PLACES)]
    .filter((each) => !each.children.length && texts.includes(each.textContent.trim()))
    .map((each) => each.parentElement);
}

function sayOnBadge(row, promise) {
  const present = row.querySelector("[data-beesender-badge]");
  if (present?.textContent === promise.label) return;
  const words = stateOf(promise);
  words.dataset.beesenderBadge = "";
  words.dataset.beesenderPart = "badge";
  words.title = promise.sentence;
  if (present) {
    present.replaceWith(words);
  } else {
    hide(row.lastElementChild);
    row.append(words);
  }
}
