// "A P1 raised now would be due ...", for each priority, by the tier as it is typed.
frappe.provide("beesender_support");

beesender_support.due_controls = function (frm, zones, redraw) {
  const { element } = beesender_support;
  const zone = element("input", { class: "form-control", list: "beesender-zones", value: zones[0] });
  const start = element("input", { class: "form-control", type: "datetime-local" });
  const known = zones.map((name) => element("option", { value: name }));
  for (const input of [zone, start]) {
    input.addEventListener("change", () => redraw(frm));
  }
  return {
    controls: element(
      "div",
      { class: "beesender-controls" },
      beesender_support.labelled("beesender-zone", __("Time zone of the plan"), zone),
      beesender_support.labelled(
        "beesender-start",
        __("Registered at, in that zone (empty: now)"),
        start
      ),
      element("datalist", { id: "beesender-zones" }, known)
    ),
    table: element("div", { role: "status" }),
    values: () => ({ time_zone: zone.value || zones[0], starts_at: start.value || null }),
  };
};

// A plain input: Desk's own pickers have no label that a screen reader would find, and
// take every time for one of the site's zone.
beesender_support.labelled = function (id, text, input) {
  const { element } = beesender_support;
  input.id = id;
  return element(
    "div",
    { class: "form-group" },
    element("label", { class: "control-label", for: id }, text),
    input
  );
};

beesender_support.due_table = function (preview) {
  const { element, as_it_stands, muted } = beesender_support;
  if (!preview.due.length) return "";
  const start = __("Registered at {0} ({1}), without the holidays of a plan:", [
    as_it_stands(preview.starts_at),
    preview.time_zone,
  ]);
  const heads = [__("Priority"), __("Response time"), __("Due")];
  return element(
    "div",
    {},
    element("p", { class: "text-muted" }, start),
    element(
      "table",
      { class: "table table-bordered beesender-table" },
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, preview.due.map((row) => beesender_support.due_row(row, muted)))
    )
  );
};

beesender_support.due_row = function (row, muted) {
  const { element, as_it_stands } = beesender_support;
  const due = row.due
    ? [
        element("strong", {}, as_it_stands(row.due_local)),
        muted(__("{0} in your time zone", [frappe.datetime.str_to_user(row.due)])),
      ]
    : muted(__("No response time is promised."));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, row.priority),
    element("td", {}, row.length || "-"),
    element("td", {}, due)
  );
};
