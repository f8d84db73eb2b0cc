// The seats of a plan as typed, and what needs attention on each.
import { element } from "../shared/dom.js";
import { dateInWords, link, muted, pill, refusal, table } from "./parts.js";

const WARNINGS = {
  suspended: () => [__("Suspended: beyond the limit"), "orange"],
  over_limit: () => [__("Over the limit of the tier"), "red"],
  ends_soon: () => [__("Ends within 30 days"), "orange"],
  no_portal_user: () => [__("No portal user: cannot log in"), "orange"],
  not_a_member: () => [
    __("Becomes a contact of this customer when the plan is saved"),
    "blue",
  ],
};

const STATES = {
  in_force: () => [__("Active"), "green"],
  not_started: () => [__("Starts later"), "blue"],
  ended: () => [__("Ended"), "gray"],
  suspended: () => [__("Suspended"), "orange"],
};

const ACCESS = {
  access: () => [__("Can log in"), "green"],
  invited: () => [__("Invited, not yet accepted"), "blue"],
  none: () => [__("Not invited"), "gray"],
  no_address: () => [__("No e-mail address"), "red"],
  disabled: () => [__("User is disabled"), "red"],
};

export function seatsOf({ seats, seats_refusal }) {
  if (!seats?.length) return refusal(seats_refusal);
  const heads = [__("Contact"), __("State"), __("Portal"), __("Please check")];
  const rows = seats.map(rowOf);
  return element(
    "div",
    {},
    refusal(seats_refusal),
    table(
      "table-bordered beesender-blocks",
      heads,
      rows,
      __("Seats and what to check"),
    ),
  );
}

function rowOf(seat) {
  const warnings = seat.warnings.map((code) => pill(...WARNINGS[code]()));
  return element(
    "tr",
    {},
    element("td", {}, link("Contact", seat.contact), muted(datesOf(seat))),
    element("td", {}, pill(...STATES[seat.state]())),
    element("td", {}, pill(...ACCESS[seat.access]())),
    element("td", {}, warnings.length ? warnings : muted(__("Nothing"))),
  );
}

function datesOf({ from_date, to_date }) {
  if (from_date && to_date) {
    return __("{0} to {1}", [dateInWords(from_date), dateInWords(to_date)]);
  }
  if (from_date) return __("from {0}", [dateInWords(from_date)]);
  return to_date ? __("through {0}", [dateInWords(to_date)]) : "";
}
