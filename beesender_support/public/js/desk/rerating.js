// Re-rate open tickets: what would change, a choice, a reason, and only then the change.
import { element } from "../shared/dom.js";
import { loadStyles, showDialog } from "./forms.js";
import {
  inReadersZone,
  muted,
  pill,
  scrollable,
  table,
  timeAsItStands,
} from "./parts.js";

const API = "beesender_support.api.desk";
// Roles that may re-rate; the server checks them again.
const MANAGERS = ["System Manager", "Agent Manager"];

export function addReratingButton(frm) {
  if (frm.is_new() || !frappe.user.has_role(MANAGERS)) return;
  frm.add_custom_button(__("Re-rate open tickets"), () => rerate(frm));
}

async function rerate(frm) {
  if (frm.is_dirty()) {
    frappe.msgprint(__("Save first: re-rating uses what is saved."));
    return;
  }
  const preview = await frappe.xcall(`${API}.rerating_preview`, {
    doctype: frm.doctype,
    name: frm.doc.name,
  });
  if (!preview.tickets.length) {
    const { waiting, answered } = preview;
    frappe.msgprint(
      answered
        ? __("Open tickets: {0}. All of them have these terms already.", [waiting])
        : __(
            "Open tickets that wait for a first answer: {0}. All of them have these terms already.",
            [waiting],
          ),
    );
    return;
  }
  await loadStyles();
  openRerating(frm, preview);
}

function openRerating(frm, preview) {
  const list = ticketList(preview);
  const dialog = new frappe.ui.Dialog({
    title: __("Re-rate open tickets"),
    size: "extra-large",
    fields: [
      { fieldtype: "HTML", fieldname: "tickets" },
      {
        fieldtype: "Small Text",
        fieldname: "why",
        label: __("Why"),
        reqd: 1,
        description: __("Kept in the log and in the history of every ticket."),
      },
    ],
    primary_action_label: __("Re-rate"),
    primary_action: ({ why }) =>
      confirmRerating(frm, dialog, preview, list.chosen(), why),
  });
  dialog.fields_dict.tickets.$wrapper.append(list.element);
  showDialog(dialog);
}

function confirmRerating(frm, dialog, preview, chosen, why) {
  if (!chosen.length) {
    frappe.msgprint(__("Choose at least one ticket."));
    return;
  }
  const late = chosen.filter((row) => row.is_breached_at_once).length;
  const question = __(
    "Tickets to re-rate: {0}. Overdue at once: {1}. Their due times change permanently; the log keeps the old ones. Continue?",
    [chosen.length, late],
  );
  frappe.confirm(question, async () => {
    const done = await frappe.xcall(`${API}.rerate`, {
      doctype: frm.doctype,
      name: frm.doc.name,
      tickets: chosen.map((row) => row.ticket),
      why,
      basis: preview.basis,
    });
    dialog.hide();
    const message = done.queued
      ? __(
          "Tickets being re-rated in the background: {0}. You are notified when it is done.",
          [done.queued],
        )
      : __("Re-rated open tickets: {0}.", [done.rerated]);
    frappe.show_alert({ message, indicator: "green" });
    frm.refresh();
  });
}

function ticketList(preview) {
  const rows = preview.tickets.map(rowOf);
  const all = element("input", {
    type: "checkbox",
    checked: true,
    "aria-label": __("All tickets"),
  });
  all.addEventListener("change", () => {
    for (const { box } of rows) box.checked = all.checked;
  });
  const heads = [__("Ticket"), __("Due before"), __("Due after"), __("What changes")];
  const tickets = table(
    "beesender-stacked",
    [element("th", {}, all), ...heads],
    rows.map((row) => row.element),
  );
  return {
    element: element(
      "div",
      {},
      element("p", {}, summaryOf(preview)),
      scrollable(__("Open tickets"), tickets),
    ),
    chosen: () => preview.tickets.filter((_row, index) => rows[index].box.checked),
  };
}

function summaryOf({ waiting, answered, differ, tickets }) {
  const counted = answered
    ? __("Open tickets: {0}. Their terms differ from what is saved now: {1}.", [
        waiting,
        differ,
      ])
    : __(
        "Open tickets that wait for a first answer: {0}. Their terms differ from what is saved now: {1}.",
        [waiting, differ],
      );
  const rest = __(
    "The first {0} are shown; the others follow when these are re-rated.",
    [tickets.length],
  );
  return differ > tickets.length ? `${counted} ${rest}` : counted;
}

function rowOf(row) {
  const box = element("input", {
    type: "checkbox",
    checked: true,
    "aria-label": __("Re-rate ticket {0}", [row.ticket]),
  });
  const ticket = element(
    "a",
    { href: `/helpdesk/tickets/${row.ticket}`, target: "_blank" },
    `#${row.ticket} ${row.subject}`,
  );
  const about = muted(`${row.customer} · ${row.plan} · ${row.priority}`);
  const changes = row.changes.map((change) => element("div", {}, change));
  return {
    box,
    element: element(
      "tr",
      { "data-ticket": row.ticket },
      element("td", {}, box),
      element("td", {}, ticket, about),
      element(
        "td",
        { "data-label": __("Due before") },
        promisesOf(row, (each) => [
          named(each.name),
          dueOf(each.before, each.paused_before),
        ]),
      ),
      element(
        "td",
        { "data-label": __("Due after") },
        promisesOf(row, (each) => [
          named(each.name),
          dueOf(each.after, each.paused_after),
          markOf(each),
        ]),
      ),
      element("td", {}, changes),
    ),
  };
}

// The promises of a ticket that are open; a first answer alone needs no name.
function promisesOf(row, shown) {
  const isFirstAlone = row.targets.every(({ target }) => target === "first_answer");
  if (isFirstAlone && !row.is_answered) return shown(row);
  return row.targets.length ? row.targets.map(shown) : muted(__("Nothing is due"));
}

function named(name) {
  return name ? muted(name) : "";
}

// A paused promise has no deadline until it continues: its words say how it stands.
function dueOf(due, paused) {
  if (!due) return element("span", {}, paused || __("Not promised"));
  const there = `${timeAsItStands(due.local)} (${due.time_zone})`;
  return element(
    "span",
    {},
    element("span", {}, there),
    muted(inReadersZone(due.site)),
  );
}

function markOf({ is_breached_at_once, is_rescued, is_overdue }) {
  if (is_breached_at_once) return pill(__("Overdue at once"), "red");
  if (is_rescued) return pill(__("No longer overdue"), "green");
  return is_overdue ? pill(__("Overdue either way"), "orange") : "";
}
