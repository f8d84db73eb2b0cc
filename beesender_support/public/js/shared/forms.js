// What forms in Helpdesk and on the portal's pages say and do while something is sent.

let faults = 0;

// Says in `alert`, which has that role, why something was refused, and ties it to the
// fields: a screen reader reads it there again. `words` may be empty, which takes it back.
export function showFault(form, alert, words) {
  if (!alert.id) {
    faults += 1;
    alert.id = `beesender-fault-${faults}`;
  }
  alert.hidden = !words;
  alert.textContent = words;
  const fields = [
    ...form.querySelectorAll("input:not([type=hidden]), select, textarea"),
  ];
  for (const field of fields) describe(field, alert.id, Boolean(words));
  // One field alone can be what is wrong.
  if (fields.length !== 1) return;
  if (words) fields[0].setAttribute("aria-invalid", "true");
  else fields[0].removeAttribute("aria-invalid");
}

export function describe(field, id, isDescribed = true) {
  const before = (field.getAttribute("aria-describedby") || "").split(" ");
  const others = before.filter((each) => each && each !== id);
  const ids = isDescribed ? [...others, id] : others;
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

// Nobody sends twice while `act` runs. A button that is disabled would lose the focus, and
// who uses the keyboard their place.
export async function whileBusy(buttons, act) {
  const all = [...buttons];
  if (all.some(isBusy)) return undefined;
  for (const each of all) each.setAttribute("aria-disabled", "true");
  try {
    return await act();
  } finally {
    for (const each of all) each.removeAttribute("aria-disabled");
  }
}

export function isBusy(button) {
  return button.getAttribute("aria-disabled") === "true";
}
