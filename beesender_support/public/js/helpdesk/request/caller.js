// Who calls, where an agent takes down a request: by a call of lately or a number; somebody
// unknown becomes a contact with a seat. The server says who it is and decides.
import { element } from "../../shared/dom.js";
import { fill } from "../../shared/sentences.js";
import { turns } from "../../shared/turns.js";
import { button, fillOptions, openDialog, wordsOf } from "../dialog.js";
import { post } from "../server.js";
import { useStyles } from "../styles.js";
import { FoundCaller } from "./found_caller.js";

const API = "beesender_support.api.callers";

// Puts the part above the fields of the form; `doc` holds these and is written in place.
export async function callerOf(doc, onChoice) {
  const { calls, labels } = await post(`${API}.form`, {});
  useStyles("caller");
  const caller = new FoundCaller(doc);
  const begin = turns();
  const said = element("p", { role: "status" });
  const number = element("input", { type: "tel", autocomplete: "off" });
  const call = element("select", {});
  const make = button(labels.make, { onClick: () => openMaking() });
  const none = { value: "", label: labels.no_call };
  fillOptions(call, [
    none,
    ...calls.map(({ name, label }) => ({ value: name, label })),
  ]);
  const find = button(labels.find, { onClick: () => lookUp() });

  call.addEventListener("change", () => {
    doc.beesender_call = call.value;
    const chosen = calls.find(({ name }) => name === call.value);
    if (!chosen) return;
    number.value = chosen.number;
    lookUp();
  });
  number.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    lookUp();
  });

  // What is known of an earlier number is no longer true, whatever the answer says.
  async function lookUp() {
    const isLast = begin();
    if (caller.clear()) onChoice();
    said.textContent = "";
    if (!number.value.trim()) return;
    try {
      const found = await post(`${API}.who_has`, { number: number.value });
      if (!isLast()) return;
      said.textContent = found.words;
      if (found.contact) choose(found.contact, found.customer);
    } catch (error) {
      if (isLast()) said.textContent = wordsOf(error);
    }
  }

  function choose(contact, customer) {
    caller.set(contact, customer);
    onChoice();
  }

  function openMaking() {
    openDialog({
      title: labels.make,
      body: doc.customer ? [doc.customer] : [],
      fields: [
        {
          name: "name",
          label: labels.name,
          type: "text",
          maxLength: 60,
          required: true,
        },
        { name: "email", label: labels.address, type: "email" },
        { name: "phone", label: labels.number, type: "tel", value: number.value },
        { name: "why", label: labels.why, rows: 2 },
      ],
      close: labels.cancel,
      submit: labels.make,
      onSubmit: async (values) => {
        const customer = doc.customer || "";
        const contact = await post(`${API}.make_contact`, { customer, ...values });
        begin();
        said.textContent = fill(labels.made, values.name, customer);
        choose(contact, customer);
      },
    });
  }

  place(
    element(
      "section",
      { class: "beesender-caller", "aria-label": labels.title },
      element("h2", {}, labels.title),
      calls.length > 0 && element("label", {}, labels.call, call),
      element("label", {}, labels.number, number),
      element("div", { class: "buttons" }, find, make),
      said,
    ),
  );
}

function place(part) {
  document.querySelector(".beesender-caller")?.remove();
  const subject = document.querySelector('input[maxlength="140"]');
  subject?.closest(".gap-2").parentElement.parentElement.prepend(part);
}
