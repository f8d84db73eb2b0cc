// A client without a seat asks for one. The server says what became of it.
import { textOf } from "../shared/dom.js";
import { whileBusy } from "../shared/forms.js";

const ENDPOINT = "/api/method/beesender_support.api.portal.ask_for_seat";

export function askForSeat({ currentTarget: button }) {
  const said = button.parentElement.querySelector("[data-asked]");
  return whileBusy([button], async () => {
    const answer = await sent(button.dataset.askForSeat).catch(() => null);
    said.textContent = answer?.sentence || button.dataset.fallback;
    if (!answer?.is_told) return;
    // Once somebody was told there is nothing more to press; the focus stays beside it.
    said.focus();
    button.remove();
  });
}

async function sent(plan) {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "X-Frappe-CSRF-Token": document.body.dataset.csrfToken },
    body: new URLSearchParams({ plan }),
  });
  const answer = await response.json();
  return response.ok ? answer.message : { sentence: refusalIn(answer) };
}

function refusalIn(answer) {
  const messages = JSON.parse(answer._server_messages || "[]").map((each) =>
    JSON.parse(each),
  );
  return messages.map(({ message }) => textOf(message)).join(" ");
}
