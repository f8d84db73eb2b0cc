// Where the focus of the keyboard is, and where it comes back to. Pages are redrawn while
// somebody reads them, and menus close behind what was chosen in them.

const FOCUSABLE = "a, button, input, select, textarea, summary";
// A part that is redrawn as a whole; it is found again by its name.
const PART = "[data-beesender-part]";

// Also inside of what hides its parts from the page.
export function focusedNow() {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
}

export function focusableIn(part) {
  return [...part.querySelectorAll(FOCUSABLE)];
}

// Remembers where the focus is, and returns a function that gives it back: to the element
// itself; if that was redrawn, to the one in its place; if it was in a menu that is closed
// by now, to what opens the menu. Somebody who went elsewhere meanwhile is left there.
export function rememberFocus() {
  const node = focusedNow();
  const part = node?.closest(PART);
  const name = part?.dataset.beesenderPart;
  const place = part ? focusableIn(part).indexOf(node) : -1;
  const menu = openerOfMenu(node);
  return () => {
    if (!isNobodys(focusedNow())) return;
    const candidates = [node, inPlaceOf(name, place), menu?.()];
    for (const each of candidates) {
      if (isNobodys(each) || !each.isConnected) continue;
      each.focus();
      if (focusedNow() === each) return;
    }
  };
}

function inPlaceOf(name, place) {
  if (place < 0) return null;
  const part = document.querySelector(`[data-beesender-part="${name}"]`);
  return part && focusableIn(part)[place];
}

// A menu names the button that opens it; one of Desk stands beside it.
function openerOfMenu(node) {
  const menu = node?.closest("[role=menu], .dropdown-menu");
  if (!menu) return null;
  const id = menu.getAttribute("aria-labelledby");
  const beside = menu.parentElement?.querySelector("[data-toggle=dropdown]");
  return () => (id && document.getElementById(id)) || beside;
}

function isNobodys(node) {
  return !node || node === document.body;
}
