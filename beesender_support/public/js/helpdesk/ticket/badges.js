// Helpdesk's badges draw an empty deadline as a failed one, and mistake the site's time
// for the browser's. A request with a plan gets words from the server instead; a
// resolution time is never promised and not shown at all.
import { stateOf } from "./promise.js";
import { hide } from "./ticket_page.js";

const PLACES = "#app-header span, .border-l div, [role=tabpanel] :is(span, div)";

export function keepBadgesHonest(promise) {
  for (const row of rowsLabelled("Resolution", "Expected Resolution")) {
    if (row.style.display === "none") continue;
    hide(row);
    const divider = row.previousElementSibling;
    if (divider && !divider.textContent) hide(divider);
  }
  for (const row of rowsLabelled("First Response", "Expected First Response")) {
    sayOnBadge(row, promise);
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
