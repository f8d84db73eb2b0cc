// Keeps the plan page in the portal's menu. Helpdesk's menu is fixed and redrawn at any
// time, so the link is put there whenever it is missing, before anybody sees the page
// without it; the server says once a tab whether there is a plan to look at.
import { element } from "../shared/dom.js";
import { useStyles } from "./styles.js";

const MENU = "/api/method/beesender_support.api.portal.menu";
const KNOWN = "beesender-support-menu";
const PORTAL = /^\/helpdesk\/(my-tickets|kb-public)(\/|$)/;
const ITEM = '[data-slot="sidebar-item"]';
// A tab may outlive an upgrade. The module loaded before leaves the menu to the new one.
const HANDED_OVER = "beesender-support:menu-handed-over";
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none"
  stroke="currentColor" stroke-width="1.5" stroke-linecap="round"
  stroke-linejoin="round" class="size-4" aria-hidden="true"><path
  d="M12 3 5 6v6c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6Z"/><path d="m9 12 2 2 4-4"/></svg>`;

let item = null;
let hasAsked = false;

export function keepPlanInMenu() {
  useStyles("menu");
  document.dispatchEvent(new Event(HANDED_OVER));
  item = remembered();
  const changes = new MutationObserver(draw);
  changes.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["class"],
  });
  document.addEventListener(HANDED_OVER, () => changes.disconnect(), { once: true });
  draw();
}

function draw() {
  if (!PORTAL.test(location.pathname)) return;
  if (!hasAsked) ask();
  const menu = document.querySelector(`nav:has(> ${ITEM}:not([data-beesender]))`);
  if (!menu) return;
  const present = menu.querySelector("[data-beesender]");
  if (!item) {
    present?.remove();
    return;
  }
  const model = modelIn(menu);
  // A menu that is folded has other classes.
  const look = JSON.stringify([item, ...classesOf(model)]);
  if (present?.dataset.beesender === look) return;
  const link = linkLike(model);
  link.dataset.beesender = look;
  if (!present) menu.append(link);
  else {
    const hadFocus = present.contains(document.activeElement);
    present.replaceWith(link);
    if (hadFocus) link.querySelector("a").focus();
  }
}

// An entry that is not the present page.
function modelIn(menu) {
  const others = [...menu.querySelectorAll(`${ITEM}:not([data-beesender])`)];
  return others.find(({ dataset }) => dataset.state === "inactive") ?? others.at(-1);
}

function classesOf(model) {
  return [model, ...model.querySelectorAll("button, span")].map((each) =>
    each.getAttribute("class"),
  );
}

function linkLike(model) {
  const entry = model.cloneNode(true);
  const button = entry.querySelector("button");
  const link = element("a", {
    href: item.address,
    class: button.className,
    "aria-label": item.label,
    title: item.label,
  });
  link.append(...button.childNodes);
  button.replaceWith(link);
  entry.dataset.state = "inactive";
  entry.querySelector(".truncate").textContent = item.label;
  const icon = entry.querySelector("svg");
  if (icon) icon.outerHTML = ICON;
  return entry;
}

// Asked once a tab; until the answer comes, what the last one said is shown.
async function ask() {
  hasAsked = true;
  const response = await fetch(MENU).catch(() => null);
  if (!response?.ok) return;
  item = (await response.json()).message ?? null;
  sessionStorage.setItem(KNOWN, JSON.stringify({ user: userOfPage(), item }));
  draw();
}

function remembered() {
  const known = JSON.parse(sessionStorage.getItem(KNOWN) || "null");
  return known?.user === userOfPage() ? known.item : null;
}

function userOfPage() {
  return document.cookie.match(/(?:^|; )user_id=([^;]*)/)?.[1] ?? "";
}
