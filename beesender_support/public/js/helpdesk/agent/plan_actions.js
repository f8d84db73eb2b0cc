// What the plan lets an agent do on a ticket, as one menu in the header.
import { element } from "../../shared/dom.js";
import { asLocalInput, fromLocalInput } from "../../shared/instants.js";
import { openDialog, wordsOf } from "../dialog.js";
import { openWhy } from "../ticket/deadline_explanation.js";
import { listOf } from "../ticket/promise.js";
import { allowanceActions } from "./allowances.js";
import { askedActions } from "./asked_entitlement.js";
import { openChange } from "./change_preview.js";
import { openNoticeSettings } from "./notice_settings.js";

const API = "beesender_support.api.agent";

export function planActions(page, panel) {
  const { labels, answers, has_plan, closing_reasons } = panel;
  const menu = { group: labels.title, buttonLabel: labels.title };
  const action = (label, onClick) => ({ ...menu, label, onClick });
  return [
    action(labels.why, () => openWhy(page)),
    action(labels.change, () => openChange(page, labels)),
    ...(has_plan ? [action(labels.plan, () => openPlan(page, labels))] : []),
    ...askedActions(page, panel).map(({ label, onClick }) => action(label, onClick)),
    ...answers.map((answer) =>
      action(answer.action, () => openAnswer(page, labels, answer)),
    ),
    ...(closing_reasons.length
      ? [action(labels.close, () => openClosing(page, labels, closing_reasons))]
      : []),
    ...allowanceActions(page, panel).map(({ label, onClick }) =>
      action(label, onClick),
    ),
    action(labels.notices, () => openNoticeSettings(page)),
  ];
}

// Rows [label, value] of what the server lists for a panel.
export function rowsOf(rows) {
  return listOf(
    rows.map(({ label, value, channels }) => [
      label,
      channels.some(({ icon }) => icon) ? channelsOf(channels) : value,
    ]),
  );
}

function channelsOf(channels) {
  const names = channels.map(({ name, icon }) =>
    element("span", { class: "channel" }, icon && iconOf(icon), name),
  );
  return element(
    "span",
    {},
    names.map((name, place) => [place ? ", " : null, name]),
  );
}

// Lines of Frappe's own icons, whatever somebody typed as the name of one.
function iconOf(lines) {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true">${lines}</svg>`;
  return new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement;
}

async function openPlan({ doc, call, toast }, labels) {
  try {
    const card = await call(`${API}.plan_card`, { ticket: doc.name });
    const list = element("div", { class: "beesender-panel bare" }, rowsOf(card.rows));
    const open = { label: labels.open_plan, onClick: () => window.open(card.link) };
    openDialog({ title: card.title, body: [list], actions: card.link ? [open] : [] });
  } catch (error) {
    toast.error(wordsOf(error));
  }
}

// An answer that was given; where the plan has none, why not.
function openAnswer(page, labels, answer) {
  if (answer.refusal) openRefusal(page, labels, answer);
  else if (answer.channel === "phone") openCall(page, labels, answer);
  else openLog(page, labels, answer);
}

function openRefusal({ doc, call }, labels, { channel, action, refusal, may_allow }) {
  const why = { name: "why", label: labels.why_allow, rows: 2, required: true };
  openDialog({
    title: action,
    body: [refusal],
    fields: may_allow ? [why] : [],
    submit: may_allow ? labels.allow : null,
    onSubmit: async (values) => {
      await call(`${API}.allow_channel`, { ticket: doc.name, channel, ...values });
      window.location.reload();
    },
  });
}

function openClosing({ doc, call }, labels, options) {
  const reason = { name: "reason", label: labels.closing_reason, type: "select" };
  openDialog({
    title: labels.close,
    body: [labels.closes],
    fields: [{ ...reason, options, value: options[0].value, required: true }],
    close: labels.cancel,
    submit: labels.close,
    onSubmit: async (values) => {
      await call(`${API}.close_without_solution`, { ticket: doc.name, ...values });
      window.location.reload();
    },
  });
}

function openCall({ doc, call }, labels, { action }) {
  const now = asLocalInput(new Date());
  const calledAt = {
    name: "called_at",
    label: labels.called_at,
    type: "datetime-local",
  };
  openDialog({
    title: action,
    fields: [
      { ...calledAt, value: now, max: now, required: true },
      { name: "note", label: labels.note, rows: 4 },
    ],
    close: labels.cancel,
    submit: action,
    onSubmit: async ({ called_at, note }) => {
      const instant = fromLocalInput(called_at);
      await call(`${API}.log_call`, { ticket: doc.name, called_at: instant, note });
      window.location.reload();
    },
  });
}

function openLog({ doc, call }, labels, { action, channel }) {
  openDialog({
    title: action,
    fields: [{ name: "text", label: labels.answer, rows: 6, required: true }],
    close: labels.cancel,
    submit: action,
    onSubmit: async ({ text }) => {
      await call(`${API}.log_answer`, { ticket: doc.name, channel, text });
      window.location.reload();
    },
  });
}
