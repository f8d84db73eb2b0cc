// The week of a tier: seven bars of 24 hours, with the hours as text beside each.
import { element } from "../shared/dom.js";
import { bar } from "./parts.js";

const SECONDS_OF_A_DAY = 24 * 60 * 60;

// The open hours of a day as stretches of its bar. Where windows overlap, it shows.
export function stretchesOf(pieces) {
  return pieces.map(({ start, end, overlaps }) => ({
    from: start / SECONDS_OF_A_DAY,
    to: end / SECONDS_OF_A_DAY,
    kind: overlaps ? "beesender-twice" : "beesender-open",
  }));
}

export function weekGrid({ week }) {
  const hours = ["0", "6", "12", "18", "24"].map((hour) => element("span", {}, hour));
  const scale = element(
    "li",
    { "aria-hidden": "true" },
    element("span"),
    element("span", { class: "beesender-scale" }, hours),
  );
  return element(
    "ul",
    {
      class: "beesender-list beesender-week",
      "aria-label": __("Support hours by day"),
    },
    scale,
    week.map(dayOf),
  );
}

function dayOf({ day, hours, pieces }) {
  return element(
    "li",
    {},
    element("span", {}, day),
    bar(stretchesOf(pieces)),
    element("span", { class: "beesender-hours" }, hours),
  );
}
