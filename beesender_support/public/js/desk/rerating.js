// Re-rate open tickets: what would change, a choice, a reason, and only then the change.
frappe.provide("beesender_support");

beesender_support.add_rerate_button = function (frm) {
  if (frm.is_new() || !frappe.user.has_role(beesender_support.managers)) return;
  frm.add_custom_button(__("Re-rate open tickets"), () => beesender_support.rerate(frm));
};

beesender_support.rerate = async function (frm) {
  if (frm.is_dirty()) {
    frappe.msgprint(__("Save first: tickets are re-rated by what is saved."));
    return;
  }
  const preview = await frappe.xcall("beesender_support.api.desk.rerating_preview", {
    doctype: frm.doctype,
    name: frm.doc.name,
  });
  if (!preview.tickets.length) {
    frappe.msgprint(
      __("Open tickets that wait for a first answer: {0}. All of them have these terms already.", [
        preview.waiting,
      ])
    );
    return;
  }
  await beesender_support.with_styles();
  beesender_support.rerate_dialog(frm, preview);
};

beesender_support.rerate_dialog = function (frm, preview) {
  const table = beesender_support.rerate_table(preview);
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
      beesender_support.confirm_rerate(frm, dialog, preview, table.chosen(), why),
  });
  dialog.fields_dict.tickets.$wrapper.append(table.element);
  dialog.show();
};

beesender_support.confirm_rerate = function (frm, dialog, preview, chosen, why) {
  if (!chosen.length) {
    frappe.msgprint(__("Choose at least one ticket."));
    return;
  }
  const late = chosen.filter((row) => row.is_breached_at_once).length;
  const question = __(
    "Tickets to re-rate: {0}. Overdue at once: {1}. Their due times change for good; the log keeps what they were. Go on?",
    [chosen.length, late]
  );
  frappe.confirm(question, async () => {
    const done = await frappe.xcall("beesender_support.api.desk.rerate", {
      doctype: frm.doctype,
      name: frm.doc.name,
      tickets: chosen.map((row) => row.ticket),
      why,
      basis: preview.basis,
    });
    dialog.hide();
    const message = done.queued
      ? __("Tickets being re-rated in the background: {0}. You are notified when it is done.", [done.queued])
      : __("Re-rated open tickets: {0}.", [done.rerated]);
    frappe.show_alert({ message, indicator: "green" });
    frm.refresh();
  });
};

beesender_support.rerate_table = function (preview) {
  const { element } = beesender_support;
  const rows = preview.tickets.map(beesender_support.rerate_row);
  const all = element("input", { type: "checkbox", checked: true, "aria-label": __("All tickets") });
  all.addEventListener("change", () => rows.forEach((row) => (row.box.checked = all.checked)));
  const heads = [__("Ticket"), __("Due before"), __("Due after"), __("What changes")];
  const table = element(
    "table",
    { class: "table beesender-table beesender-stacked" },
    element(
      "thead",
      {},
      element("tr", {}, element("th", {}, all), heads.map((head) => element("th", { scope: "col" }, head)))
    ),
    element("tbody", {}, rows.map((row) => row.element))
  );
  return {
    element: element(
      "div",
      {},
      element("p", {}, beesender_support.rerate_summary(preview)),
      element("div", { class: "beesender-scroll", tabindex: "0", role: "region", "aria-label": __("Open tickets") }, table)
    ),
    chosen: () => preview.tickets.filter((_row, index) => rows[index].box.checked),
  };
};

beesender_support.rerate_summary = function (preview) {
  const counted = __(
    "Open tickets that wait for a first answer: {0}. Their terms differ from what is saved now: {1}.",
    [preview.waiting, preview.differ]
  );
  const rest = __("The first {0} are shown; the others follow when these are re-rated.", [
    preview.tickets.length,
  ]);
  return preview.differ > preview.tickets.length ? `${counted} ${rest}` : counted;
};

beesender_support.rerate_row = function (row) {
  const { element, muted } = beesender_support;
  const title = `#${row.ticket} ${row.subject}`;
  const box = element("input", {
    type: "checkbox",
    checked: true,
    "aria-label": __("Re-rate ticket {0}", [row.ticket]),
  });
  const ticket = element("a", { href: `/helpdesk/tickets/${row.ticket}`, target: "_blank" }, title);
  return {
    box,
    element: element(
      "tr",
      { "data-ticket": row.ticket },
      element("td", {}, box),
      element("td", {}, ticket, muted(`${row.customer} · ${row.plan} · ${row.priority}`)),
      element("td", { "data-label": __("Due before") }, beesender_support.rerate_due(row.before)),
      element("td", { "data-label": __("Due after") }, beesender_support.rerate_due(row.after), beesender_support.rerate_marks(row)),
      element("td", {}, row.changes.map((change) => element("div", {}, change)))
    ),
  };
};

beesender_support.rerate_due = function (due) {
  const { element, as_it_stands, muted } = beesender_support;
  if (!due) return element("span", {}, __("Not promised"));
  return element(
    "span",
    {},
    element("span", {}, `${as_it_stands(due.local)} (${due.time_zone})`),
    muted(__("{0} in your time zone", [frappe.datetime.str_to_user(due.site)]))
  );
};

beesender_support.rerate_marks = function (row) {
  const { pill } = beesender_support;
  if (row.is_breached_at_once) return pill(__("Overdue at once"), "red");
  if (row.is_rescued) return pill(__("No longer overdue"), "green");
  return row.is_overdue ? pill(__("Overdue either way"), "orange") : "";
};
