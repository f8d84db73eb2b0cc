// Actions on a held request, in the header of Helpdesk's ticket page.
import { openDialog } from "../dialog.js";

const API = "beesender_support.api.agent";

export async function actionsOnHeldRequest({ doc, call }) {
  if (doc.beesender_admission !== "Held") return [];
  const held = await call(`${API}.held_request`, { ticket: doc.name }).catch(
    () => null,
  );
  // Somebody has decided since the page was loaded.
  if (!held) return [];
  const { labels } = held;
  const why = { name: "why", label: labels.why, rows: 2 };
  const reply = { name: "reply", label: labels.reply, rows: 6, value: held.reply };

  async function decide(method, values) {
    await call(`${API}.${method}`, { ticket: doc.name, ...values });
    window.location.reload();
  }

  function decision(method, fields, said = []) {
    const label = labels[method];
    const ask = () =>
      openDialog({
        title: label,
        body: [held.reason, ...said],
        fields,
        close: labels.cancel,
        submit: label,
        onSubmit: (values) => decide(method, values),
      });
    return { label, onClick: ask };
  }

  // Somebody unknown, who may be known from then on.
  function admitWithContact({ name, phone, words }) {
    const field = {
      name: "name",
      label: labels.name_of_contact,
      type: "text",
      value: name,
      maxLength: 60,
      required: true,
    };
    // Who gave only a number, which an agent may correct.
    const reached = [
      { name: "email", label: labels.address_of_contact, type: "email" },
      { name: "phone", label: labels.phone_of_contact, type: "tel", value: phone },
    ];
    const asked = phone ? [field, ...reached, why] : [field, why];
    return decision("admit_with_contact", asked, [words]);
  }

  function admitWithSeat() {
    if (held.new_contact) return [admitWithContact(held.new_contact)];
    return held.free_seats > 0 ? [decision("admit_with_seat", [why])] : [];
  }

  // Others of the same customer with it, in one action.
  function admitAll() {
    const label = labels.admit_all.replace("{0}", held.taken.length);
    const ask = () =>
      openDialog({
        title: label,
        body: [held.taken.map((ticket) => `#${ticket}`).join(", ")],
        fields: [why],
        close: labels.cancel,
        submit: label,
        onSubmit: async (values) => {
          const tickets = JSON.stringify(held.taken);
          await call(`${API}.admit_what_is_taken`, { tickets, ...values });
          window.location.reload();
        },
      });
    return { label, onClick: ask };
  }

  return [
    ...(held.taken.length ? [admitAll()] : []),
    decision("admit_once", [why]),
    ...admitWithSeat(),
    decision("decline", [reply, why]),
  ];
}
