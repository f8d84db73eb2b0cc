// What a ticket asks for beside answers: how the plan stands to it, and what an agent does
// where the plan does not include it.
import { element } from "../../shared/dom.js";
import { button, openDialog } from "../dialog.js";

const API = "beesender_support.api.agent";
// In the colours of a promise that stands so.
const COLOURS = { included: "met", not_included: "breached", used_up: "breached" };

// A line with the state, and one action where it is not included.
export function askedPart(page, { asked, labels }) {
  if (!asked) return [];
  const { state, state_label, said, reply, is_handled } = asked;
  const badge = element(
    "span",
    { class: "beesender-state", "data-state": COLOURS[state] },
    state_label,
  );
  const answer = button(labels.answer_not_included, {
    onClick: () => openReply(page, labels, asked),
  });
  return [
    element(
      "div",
      { class: "standing asked" },
      element("div", {}, badge),
      element("span", { class: "also" }, said),
      is_handled && element("span", { class: "also" }, labels.handled),
      reply && !is_handled && element("div", {}, answer),
    ),
  ];
}

export function askedActions(page, { asked, entitlement, entitlements, labels }) {
  const actions = [];
  if (entitlements.length) {
    actions.push({
      label: labels.asked,
      onClick: () => openChoice(page, labels, entitlement, entitlements),
    });
  }
  if (asked?.reply && !asked.is_handled) {
    actions.push({
      label: labels.handle_all_the_same,
      onClick: () => openOverride(page, labels, asked),
    });
  }
  return actions;
}

function openChoice({ doc, call }, labels, entitlement, entitlements) {
  const options = [{ value: "", label: labels.nothing_asked }, ...entitlements];
  openDialog({
    title: labels.asked,
    fields: [
      {
        name: "entitlement",
        label: labels.asked,
        type: "select",
        options,
        value: entitlement,
      },
    ],
    close: labels.cancel,
    submit: labels.save,
    onSubmit: send(call, "set_entitlement", doc),
  });
}

function openReply({ doc, call }, labels, { said, reply }) {
  openDialog({
    title: labels.answer_not_included,
    body: [said],
    fields: [
      { name: "reply", label: labels.reply, rows: 7, value: reply, required: true },
    ],
    close: labels.cancel,
    submit: labels.send,
    onSubmit: send(call, "answer_not_included", doc),
  });
}

function openOverride({ doc, call }, labels, { said }) {
  openDialog({
    title: labels.handle_all_the_same,
    body: [said],
    fields: [{ name: "why", label: labels.why_allow, rows: 2, required: true }],
    close: labels.cancel,
    submit: labels.handle_all_the_same,
    onSubmit: send(call, "handle_not_included", doc),
  });
}

function send(call, method, doc) {
  return async (values) => {
    await call(`${API}.${method}`, { ticket: doc.name, ...values });
    window.location.reload();
  };
}
