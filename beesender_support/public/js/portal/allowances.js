// A client asks for one of what the plan includes by number. The server decides, and makes
// a request of it, to which the client is led.
import { textOf } from "../shared/dom.js";
import { showFault, whileBusy } from "../shared/forms.js";

const ENDPOINT = "/api/method/beesender_support.api.allowances.request";

async function submitRequest(event) {
  event.preventDefault();
  const form = event.target;
  const alert = form.querySelector("[role=alert]");
  // Kept with the form: what is sent a second time is the same request.
  form.dataset.key ||= newKey();
  await whileBusy(form.querySelectorAll("[type=submit]"), async () => {
    showFault(form, alert, "");
    const { ticket, refusal } = await sent(form).catch(() => ({}));
    if (ticket) location.assign(`/helpdesk/my-tickets/${encodeURIComponent(ticket)}`);
    else showFault(form, alert, refusal || alert.dataset.fallback);
  });
}

async function sent(form) {
  const { requestAllowance: entitlement, plan, key } = form.dataset;
  const { date, description } = form.elements;
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "X-Frappe-CSRF-Token": document.body.dataset.csrfToken },
    body: new URLSearchParams({
      plan,
      entitlement,
      key,
      date: date.value,
      description: description.value,
    }),
  });
  const answer = await response.json();
  return response.ok ? { ticket: answer.message } : { refusal: refusalIn(answer) };
}

function refusalIn(answer) {
  const messages = JSON.parse(answer._server_messages || "[]").map((each) =>
    JSON.parse(each),
  );
  return messages.map(({ message }) => textOf(message)).join(" ");
}

// A site without HTTPS has no randomUUID.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join("-");
}

for (const form of document.querySelectorAll("[data-request-allowance]")) {
  form.addEventListener("submit", submitRequest);
}
