// A dialog with words, fields and buttons, in Helpdesk's look: its own has no fields.
import { element, textOf } from "../shared/dom.js";
import { rememberFocus } from "../shared/focus.js";
import { describe, isBusy, showFault, whileBusy } from "../shared/forms.js";
import { useStyles } from "./styles.js";

// Opens a dialog and returns it. `body` holds nodes or sentences, `fields` what
// `fieldOf` takes. With `submit` (a label) it is a form: `onSubmit(values)` may be
// asynchronous, and if it fails the reason is shown and nothing typed is lost.
// `actions` are further buttons: {label, onClick(dialog)}.
export function openDialog(options) {
  useStyles("dialog");
  const dialog = element("dialog", {
    class: "beesender-dialog",
    "aria-label": options.title,
  });
  dialog.append(formOf(options, dialog));
  const giveFocusBack = rememberFocus();
  dialog.addEventListener("close", () => {
    dialog.remove();
    giveFocusBack();
  });
  // Helpdesk's shortcuts are single letters; those typed here are not meant for it.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  // The first button has the focus now, which may stand below a long text.
  dialog.scrollTop = 0;
  return dialog;
}

export function button(text, { isMain = false, onClick } = {}) {
  const look = `beesender-button${isMain ? " main" : ""}`;
  const node = element("button", { class: look, type: "button" }, text);
  if (onClick)
    node.addEventListener("click", (event) => {
      if (!isBusy(node)) onClick(event);
    });
  return node;
}

// Options of a <select>: {value, label, disabled}.
export function fillOptions(select, options) {
  const choices = options.map(({ value, label, disabled }) =>
    element("option", { value, disabled: Boolean(disabled) }, label),
  );
  select.replaceChildren(...choices);
}

// The server's reason for a refusal, in its own words. Frappe's are HTML.
export function wordsOf(error) {
  return textOf(
    error?.messages?.filter(Boolean).join(" ") || error?.message || String(error),
  );
}

let fields = 0;

// A labelled field: `type` is "textarea" (the default), "select", or one of <input>; the
// rest are properties of the element.
function fieldOf({
  label,
  value = "",
  type = "textarea",
  hint,
  options = [],
  ...properties
}) {
  const tag = ["textarea", "select"].includes(type) ? type : "input";
  const input = element(tag, { type: tag === "input" && type });
  if (tag === "select") fillOptions(input, options);
  fields += 1;
  const id = `beesender-field-${fields}`;
  Object.assign(input, { id, value, ...properties });
  const shownHint = hint && element("span", { class: "hint", id: `${id}-hint` }, hint);
  if (shownHint) describe(input, shownHint.id);
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    input,
    shownHint,
  );
}

function formOf(options, dialog) {
  const { title, body = [], fields = [] } = options;
  const fault = element("p", { role: "alert" });
  const form = element(
    "form",
    {},
    element("h2", {}, title),
    body.map((part) => (part instanceof Node ? part : element("p", {}, part))),
    fields.map(fieldOf),
    fault,
    buttonsOf(options, dialog),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(form, fault, options, dialog);
  });
  return form;
}

function buttonsOf({ close, actions = [], submit }, dialog) {
  const others = actions.map(({ label, onClick }) =>
    button(label, { onClick: () => onClick(dialog) }),
  );
  const main = submit && button(submit, { isMain: true });
  if (main) main.type = "submit";
  const dismiss = button(close || __("Close"), { onClick: () => dialog.close() });
  return element("div", { class: "buttons" }, dismiss, others, main);
}

async function submitForm(form, fault, { onSubmit }, dialog) {
  const main = form.querySelector("[type=submit]");
  if (!main) return;
  await whileBusy([main], async () => {
    showFault(form, fault, "");
    try {
      await onSubmit?.(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (error) {
      showFault(form, fault, wordsOf(error));
    }
  });
}
