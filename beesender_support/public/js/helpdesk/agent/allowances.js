// What an agent takes of a plan's allowances from a ticket: uses, reserves, gives back.
import { openDialog, wordsOf } from "../dialog.js";

const API = "beesender_support.api.allowances";

// One action for each that is counted, [label, onClick].
export function allowanceActions(page, { labels, allowances }) {
  const actions = allowances.flatMap(({ entitlement, use, reserve }) => [
    { label: use, onClick: () => openTaking(page, "use", entitlement) },
    { label: reserve, onClick: () => openTaking(page, "reserve", entitlement) },
  ]);
  const back = { label: labels.give_back, onClick: () => openGivingBack(page) };
  return actions.length ? [...actions, back] : [];
}

async function openTaking(page, action, entitlement) {
  const found = await load(page);
  const allowance = found?.allowances.find((each) => each.entitlement === entitlement);
  if (!allowance) return;
  const { labels, today } = found;
  const isUse = action === "use";
  const key = newKey();
  openDialog({
    title: allowance[action],
    body: [
      `${allowance.title}: ${allowance.words}`,
      ...(isUse && allowance.is_hours ? [labels.beyond] : []),
    ],
    fields: [
      amountField(allowance, labels),
      {
        name: "date",
        label: isUse ? labels.used_on : labels.reserved_for,
        type: "date",
        value: today,
        required: true,
        ...(isUse ? { max: today } : { min: today }),
      },
      { name: "reason", label: labels.note, rows: 3 },
    ],
    close: labels.cancel,
    submit: labels.save,
    onSubmit: (values) => send(page, action, { entitlement, key, ...values }),
  });
}

async function openGivingBack(page) {
  const found = await load(page);
  if (!found) return;
  const { labels, taken } = found;
  const key = newKey();
  if (!taken.length) {
    openDialog({ title: labels.give_back, body: [labels.nothing_taken] });
    return;
  }
  openDialog({
    title: labels.give_back,
    fields: [
      {
        name: "entry",
        label: labels.what,
        type: "select",
        options: taken,
        value: taken[0].value,
        required: true,
      },
      { name: "reason", label: labels.why, rows: 3, required: true },
    ],
    close: labels.cancel,
    submit: labels.give_back,
    onSubmit: (values) => send(page, "give_back", { key, ...values }),
  });
}

function amountField({ is_hours }, labels) {
  const step = is_hours ? { min: "0.01", step: "0.01" } : { min: "1", step: "1" };
  const label = is_hours ? labels.hours : labels.how_much;
  return { name: "amount", label, type: "number", value: "1", required: true, ...step };
}

async function load({ doc, call, toast }) {
  try {
    return await call(`${API}.of_ticket`, { ticket: doc.name });
  } catch (error) {
    toast.error(wordsOf(error));
    return null;
  }
}

async function send({ doc, call }, action, values) {
  await call(`${API}.${action}`, { ticket: doc.name, ...values });
  window.location.reload();
}

// For one dialog: whatever is sent twice from it is written once. A site without HTTPS has
// no randomUUID.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join("-");
}
