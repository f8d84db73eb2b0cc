// The seats of a plan as typed, and what is off with each.
frappe.provide("beesender_support");

beesender_support.seat_warnings = {
  suspended: () => [__("Suspended: beyond the limit"), "orange"],
  over_limit: () => [__("Over the limit of the tier"), "red"],
  ends_soon: () => [__("Ends within 30 days"), "orange"],
  no_portal_user: () => [__("No portal user: cannot log in"), "orange"],
  not_a_member: () => [__("Becomes a contact of this customer when the plan is saved"), "blue"],
};

beesender_support.seat_states = {
  in_force: () => [__("Active"), "green"],
  not_started: () => [__("Starts later"), "blue"],
  ended: () => [__("Ended"), "gray"],
  suspended: () => [__("Suspended"), "orange"],
};

beesender_support.seats = function (plan) {
  const { element, refusal } = beesender_support;
  if (!plan.seats?.length) return refusal(plan.seats_refusal);
  const heads = [__("Contact"), __("State"), __("Please check")];
  return element(
    "div",
    {},
    refusal(plan.seats_refusal),
    element(
      "table",
      { class: "table table-bordered beesender-table beesender-blocks" },
      element("caption", { class: "sr-only" }, __("Seats and what to check")),
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, plan.seats.map(beesender_support.seat_row))
    )
  );
};

beesender_support.seat_row = function (seat) {
  const { element, link, muted, pill } = beesender_support;
  const warnings = seat.warnings.map((code) => pill(...beesender_support.seat_warnings[code]()));
  return element(
    "tr",
    {},
    element("td", {}, link("Contact", seat.contact), muted(beesender_support.seat_dates(seat))),
    element("td", {}, pill(...beesender_support.seat_states[seat.state]())),
    element("td", {}, warnings.length ? warnings : muted(__("Nothing")))
  );
};

beesender_support.seat_dates = function (seat) {
  const { date } = beesender_support;
  const { from_date, to_date } = seat;
  if (from_date && to_date) return __("{0} to {1}", [date(from_date), date(to_date)]);
  if (from_date) return __("from {0}", [date(from_date)]);
  return to_date ? __("through {0}", [date(to_date)]) : "";
};
