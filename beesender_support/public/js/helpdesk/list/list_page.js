// Keeps the promises in Helpdesk's lists in colour and counting. Helpdesk redraws its
// lists at any time; one request asks for all tickets of a page, another follows each
// minute while somebody looks, and none in between.
import { clockFrom } from "../../shared/countdown.js";
import { post } from "../server.js";
import { useStyles } from "../styles.js";
import { colourRow, rowsOnPage, wordsOf } from "./cells.js";
import { askForRows, offerDecision } from "./held_requests.js";

const PROMISES = "beesender_support.api.lists.promises_on_page";
const MINUTE = 60_000;
const AT_LEAST = 200;
// Tickets that the server takes in one request; "Load more" has no limit.
const AT_MOST = 500;
// A tab may outlive an upgrade. The modules loaded before leave the lists to the new.
const HANDED_OVER = "beesender-support:lists-handed-over";

// What the server said last, and what each row said when it was asked.
const known = {
  clock: Date.now,
  words: null,
  labels: { held: "", decide: "" },
  tickets: new Map(),
  asked: new Map(),
};
let isAsking = false;
let countdown = null;
let isDrawing = false;

export function keepListsInColour() {
  useStyles("dialog", "lists");
  document.dispatchEvent(new Event(HANDED_OVER));
  const changes = new MutationObserver(drawSoon);
  changes.observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  const timer = window.setInterval(askAgain, MINUTE);
  document.addEventListener("visibilitychange", askAgain);
  document.addEventListener(
    HANDED_OVER,
    () => {
      changes.disconnect();
      window.clearInterval(timer);
      window.clearTimeout(countdown);
      document.removeEventListener("visibilitychange", askAgain);
    },
    { once: true },
  );
  askForRows(() => rowsOnPage().filter(isHeld));
  drawSoon();
}

// Many changes of a page are drawn once.
function drawSoon() {
  if (isDrawing) return;
  isDrawing = true;
  window.requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

function draw() {
  const rows = rowsOnPage();
  window.clearTimeout(countdown);
  const next = Math.min(...rows.map(colour), Number.POSITIVE_INFINITY);
  if (Number.isFinite(next)) {
    const wait = Math.max(next - known.clock(), AT_LEAST);
    countdown = window.setTimeout(draw, Math.min(wait, MINUTE));
  }
  offerDecision(rows.filter(isHeld), known.labels);
  const news = rows.filter(isNews);
  if (news.length) ask(news);
}

function colour({ row, ticket }) {
  const found = known.tickets.get(ticket);
  if (!found) return Number.POSITIVE_INFINITY;
  return colourRow(row, found.shown, known.words, known.clock());
}

function isHeld({ ticket }) {
  return known.tickets.get(ticket)?.is_held;
}

// Rows that the server has not been asked about, or whose words Helpdesk changed since.
function isNews({ row, ticket }) {
  const found = known.tickets.get(ticket);
  const coloured = row.querySelectorAll("[data-beesender-state]").length;
  if (found && coloured) return false;
  return known.asked.get(ticket) !== wordsOf(row);
}

function askAgain() {
  if (document.hidden) return;
  const rows = rowsOnPage();
  if (rows.length) ask(rows);
}

async function ask(rows) {
  if (isAsking) return;
  isAsking = true;
  for (const { row, ticket } of rows) known.asked.set(ticket, wordsOf(row));
  const tickets = [...new Set(rows.map(({ ticket }) => ticket))];
  const pages = [];
  for (let start = 0; start < tickets.length; start += AT_MOST) {
    const asked = tickets.slice(start, start + AT_MOST);
    pages.push(await post(PROMISES, { tickets: asked }).catch(() => null));
  }
  isAsking = false;
  // Without an answer the list stays as Helpdesk drew it.
  if (pages.length && pages.every(Boolean)) {
    const page = {
      ...pages[0],
      tickets: Object.assign({}, ...pages.map((each) => each.tickets)),
    };
    const labels = { held: page.held, decide: page.decide_held };
    Object.assign(known, { clock: clockFrom(page.now), words: page.words, labels });
    for (const ticket of tickets) {
      const found = page.tickets[ticket];
      if (found) known.tickets.set(ticket, found);
      else known.tickets.delete(ticket);
    }
    draw();
  }
}
