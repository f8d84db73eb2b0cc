// A dialog with words, fields and buttons, in Helpdesk's look: its own has no fields.
const DIALOG_LOOK = `
.beesender-dialog { width: min(36rem, 92vw); max-height: 88vh; overflow-y: auto;
  margin: auto; padding: 1.25rem; border-radius: 0.75rem; font-size: 14px;
  background: var(--surface-elevation-2, #fff); color: var(--ink-gray-8, #383838);
  border: 1px solid var(--outline-gray-1, #ededed); box-shadow: 0 12px 40px #0004; }
.beesender-dialog::backdrop { background: #0006; }
.beesender-dialog form { display: flex; flex-direction: column; gap: 0.875rem; }
.beesender-dialog h2 { margin: 0; font-size: 18px; font-weight: 600;
  color: var(--ink-gray-9, #171717); }
.beesender-dialog p { margin: 0; line-height: 1.5; }
.beesender-dialog label { display: flex; flex-direction: column; gap: 0.375rem;
  font-size: 13px; color: var(--ink-gray-7, #525252); }
.beesender-dialog :is(input, textarea, select) { width: 100%; padding: 0.375rem 0.5rem;
  font-size: 14px; border-radius: 0.5rem; border: 1px solid var(--outline-gray-2, #e2e2e2);
  background-color: var(--surface-gray-2, #f3f3f3); color: var(--ink-gray-8, #383838); }
.beesender-dialog select { padding-right: 2rem; }
.beesender-dialog :is(input, textarea, select, button):focus-visible {
  outline: 2px solid var(--outline-gray-4, #7c7c7c); outline-offset: 1px; }
.beesender-dialog .hint { font-size: 12px; color: var(--ink-gray-6, #7c7c7c); }
.beesender-dialog [role=alert] { color: var(--ink-red-8, #b52a2a); }
.beesender-dialog [role=alert]:empty { display: none; }
.beesender-dialog .buttons { display: flex; flex-wrap: wrap; justify-content: flex-end;
  gap: 0.5rem; }
.beesender-button { min-height: 28px; padding: 0.25rem 0.625rem; border-radius: 0.5rem;
  font-size: 14px; cursor: pointer; background: var(--surface-gray-2, #f3f3f3);
  color: var(--ink-gray-8, #383838); }
.beesender-button.main { background: var(--surface-gray-9, #171717);
  color: var(--ink-base, #fff); }
.beesender-button:disabled { opacity: 0.5; cursor: default; }
`;

// An element with a class and children; text stays text, whatever a person wrote.
function element(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((each) => each !== null && each !== undefined));
  return node;
}

// Styles are added once, however often a script runs.
function useLook(name, styles) {
  if (document.querySelector(`style[data-beesender="${name}"]`)) return;
  const style = element("style", "", styles);
  style.dataset.beesender = name;
  document.head.append(style);
}

function button(text, { isMain = false, onClick } = {}) {
  const node = element("button", `beesender-button${isMain ? " main" : ""}`, text);
  node.type = "button";
  if (onClick) node.addEventListener("click", onClick);
  return node;
}

// What the server refuses with, in its own words. Frappe's are HTML.
function wordsOf(error) {
  const words = error?.messages?.filter(Boolean).join(" ") || error?.message || String(error);
  return new DOMParser().parseFromString(words, "text/html").body.textContent;
}

// {name, label, value, type, rows, required, hint, options: [{value, label, disabled}]};
// type is "textarea" (the default), "select", or one of <input>.
function fieldOf({ name, label, value = "", type = "textarea", hint, options, ...rest }) {
  const tag = ["textarea", "select"].includes(type) ? type : "input";
  const input = element(tag);
  fillOptions(input, options || []);
  if (tag === "input") input.type = type;
  Object.assign(input, { name, value, ...rest });
  return element("label", "", label, input, hint ? element("span", "hint", hint) : null);
}

function fillOptions(select, options) {
  const choices = options.map(({ value, label, disabled }) => {
    const choice = element("option", "", label);
    return Object.assign(choice, { value, disabled: Boolean(disabled) });
  });
  select.replaceChildren(...choices);
}

// Opens a dialog and returns it. `body` holds nodes or sentences, `fields` see above.
// With `submit` (a label) it is a form: `onSubmit(values)` may be asynchronous, and where
// it fails the reason is shown and nothing typed is lost. `onInput(values, dialog)` runs
// at every change. `actions` are further buttons: {label, onClick(dialog)}.
function openDialog(options) {
  useLook("dialog", DIALOG_LOOK);
  const dialog = element("dialog", "beesender-dialog");
  const form = formOf(options, dialog);
  dialog.append(form);
  dialog.setAttribute("aria-label", options.title);
  dialog.addEventListener("close", () => dialog.remove());
  // Helpdesk's shortcuts are single letters; those typed here are not meant for it.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  options.onInput?.(valuesOf(form), dialog);
  return dialog;
}

function formOf(options, dialog) {
  const { title, body = [], fields = [], onInput } = options;
  const fault = element("p");
  fault.setAttribute("role", "alert");
  const form = element(
    "form",
    "",
    element("h2", "", title),
    ...body.map((part) => (part instanceof Node ? part : element("p", "", part))),
    ...fields.map(fieldOf),
    fault,
    buttonsOf(options, dialog)
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(form, fault, options, dialog);
  });
  form.addEventListener("input", () => onInput?.(valuesOf(form), dialog));
  return form;
}

function buttonsOf({ close, actions = [], submit }, dialog) {
  const dismiss = button(close || __("Close"), { onClick: () => dialog.close() });
  const others = actions.map(({ label, onClick }) =>
    button(label, { onClick: () => onClick(dialog) })
  );
  const main = submit ? button(submit, { isMain: true }) : null;
  if (main) main.type = "submit";
  return element("div", "buttons", dismiss, ...others, main);
}

async function submitForm(form, fault, { onSubmit }, dialog) {
  const main = form.querySelector("[type=submit]");
  if (!main) return;
  main.disabled = true;
  fault.textContent = "";
  try {
    await onSubmit?.(valuesOf(form));
    dialog.close();
  } catch (error) {
    fault.textContent = wordsOf(error);
  } finally {
    main.disabled = false;
  }
}

function valuesOf(form) {
  return Object.fromEntries(new FormData(form));
}

// Helpdesk goes from ticket to ticket without loading its page, runs the scripts of both,
// and shows the actions of the run that ended last.
function isOpenTicket(ticket) {
  return window.location.pathname.endsWith(`/${ticket}`);
}

// Actions of another ticket than the one that is open only load its page.
function onlyFor(ticket, actions) {
  return actions.map((action) => ({
    ...action,
    onClick: () => (isOpenTicket(ticket) ? action.onClick() : window.location.reload()),
  }));
}
