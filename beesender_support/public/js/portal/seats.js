// The dialogs in which a client ends a seat or gives one. The texts come from the
// server, ready in the page.
import { textOf } from "../shared/dom.js";
import { showFault, whileBusy } from "../shared/forms.js";
import { fill } from "../shared/sentences.js";

const DONE = "beesender-support-plan-done";

export function openSeatDialog(id) {
  const dialog = document.getElementById(id);
  showFault(dialog, dialog.querySelector("[role=alert]"), "");
  dialog.showModal();
  return dialog;
}

// The mail about somebody who asks for a seat leads here: they are chosen already.
export function openSeatDialogFor(contact) {
  const options = document.querySelectorAll("#give-seat option");
  const option = [...options].find(({ value }) => value === contact);
  if (!option) return;
  option.selected = true;
  openSeatDialog("give-seat");
}

export function askToEndSeat({ dataset }) {
  const dialog = openSeatDialog("end-seat");
  const title = dialog.querySelector("[data-sentence]");
  title.textContent = fill(title.dataset.sentence, dataset.name);
  dialog.querySelector("[name=contact]").value = dataset.endSeat;
  dialog.querySelector("form").dataset.name = dataset.name;
}

export async function submitSeat(event) {
  event.preventDefault();
  const form = event.target;
  const alert = form.querySelector("[role=alert]");
  await whileBusy(form.querySelectorAll("[type=submit]"), async () => {
    const refusal = await refusalOf(form).catch(() => "");
    if (refusal === null) {
      sessionStorage.setItem(DONE, fill(form.dataset.done, nameIn(form)));
      location.reload();
      return;
    }
    showFault(form, alert, refusal || alert.dataset.fallback);
  });
}

// The page is reloaded after a change, and then says what was done.
export function sayWhatWasDone() {
  const words = sessionStorage.getItem(DONE);
  if (!words) return;
  sessionStorage.removeItem(DONE);
  const done = document.getElementById("done");
  done.textContent = words;
  done.hidden = false;
  done.focus();
}

// The server's sentence if it refuses; null if it agreed.
async function refusalOf(form) {
  const address = `/api/method/beesender_support.api.portal.${form.dataset.endpoint}`;
  const response = await fetch(address, {
    method: "POST",
    headers: { "X-Frappe-CSRF-Token": document.body.dataset.csrfToken },
    body: new URLSearchParams({
      plan: form.dataset.plan,
      contact: form.elements.contact.value,
    }),
  });
  return response.ok ? null : refusalIn(await response.json());
}

function refusalIn(answer) {
  const messages = JSON.parse(answer._server_messages || "[]").map((each) =>
    JSON.parse(each),
  );
  return messages.map(({ message }) => textOf(message)).join(" ");
}

function nameIn(form) {
  return form.dataset.name || form.elements.contact.selectedOptions[0].dataset.name;
}
