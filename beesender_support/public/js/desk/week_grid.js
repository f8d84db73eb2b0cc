// The week of a tier: seven bars of 24 hours, with the hours as text beside each.
frappe.provide("beesender_support");

beesender_support.week_grid = function (preview) {
  const { element } = beesender_support;
  const scale = element(
    "li",
    { "aria-hidden": "true" },
    element("span"),
    element(
      "span",
      { class: "beesender-scale" },
      ["0", "6", "12", "18", "24"].map((hour) => element("span", {}, hour))
    )
  );
  const days = preview.week.map((day) => beesender_support.week_day(day));
  return element(
    "ul",
    { class: "beesender-list beesender-week", "aria-label": __("Support hours by day") },
    scale,
    days
  );
};

beesender_support.week_day = function (day) {
  const { element, bar, stretch } = beesender_support;
  const seconds = 24 * 60 * 60;
  const pieces = day.pieces.map((piece) =>
    stretch(
      piece.start / seconds,
      piece.end / seconds,
      piece.overlaps ? "beesender-twice" : "beesender-open"
    )
  );
  return element(
    "li",
    {},
    element("span", {}, day.day),
    bar(pieces),
    element("span", { class: "beesender-hours" }, day.hours)
  );
};
