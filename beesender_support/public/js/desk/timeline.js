// The plans of a customer on one timeline, with today and contract years marked.
import { element } from "../shared/dom.js";
import { bar, dateInWords, link, muted, pill, refusal } from "./parts.js";

const DAY = 24 * 60 * 60 * 1000;
const STATES = {
  in_force: () => [__("In force"), "green"],
  not_started: () => [__("Starts later"), "blue"],
  ended: () => [__("Ended"), "gray"],
  suspended: () => [__("Suspended"), "orange"],
  draft: () => [__("Draft"), "gray"],
};

// Where a plan lies on the line from `first` to `last`, and what is marked there, in
// shares of the line. Days are texts, "2026-11-20"; a plan without an end extends to
// the end.
export function lineOf(plan, { first, last, today, contract_years }) {
  const at = (day) => share(dayNumber(day), dayNumber(first), dayNumber(last));
  // The last day is the plan's own.
  const end = plan.ends_on
    ? share(dayNumber(plan.ends_on) + 1, dayNumber(first), dayNumber(last))
    : 1;
  const years = plan.is_this ? contract_years.slice(1) : [];
  return {
    stretch: {
      from: at(plan.starts_on),
      to: end,
      kind: plan.state === "in_force" ? "beesender-open" : "beesender-other",
    },
    marks: [
      ...years.map((year) => ({ at: at(year), kind: "beesender-tick" })),
      { at: at(today), kind: "beesender-today" },
    ],
  };
}

export function timelineOf(timeline) {
  const { first, last, today, contract_years, plans, warnings, notes } = timeline;
  const years = contract_years.map(dateInWords).join(", ");
  const legend = __(
    "From {0} to {1}; the red line is today, {2}. Contract years begin on {3}.",
    [...[first, last, today].map(dateInWords), years],
  );
  return element(
    "div",
    {},
    warnings.map(refusal),
    element(
      "ul",
      {
        class: "beesender-list beesender-timeline",
        "aria-label": __("Plans of the customer"),
      },
      plans.map((plan) => itemOf(plan, timeline)),
    ),
    notes.map((note) => element("p", { role: "status" }, note)),
    element("p", { class: "text-muted" }, legend),
  );
}

function dayNumber(day) {
  return Date.parse(day) / DAY;
}

function share(day, first, last) {
  return Math.min(1, Math.max(0, (day - first) / (last - first)));
}

function itemOf(plan, timeline) {
  const { stretch, marks } = lineOf(plan, timeline);
  return element("li", {}, wordsOf(plan), bar([stretch], marks));
}

function wordsOf(plan) {
  const name = plan.is_this
    ? __("This plan")
    : link("Beesender Support Plan", plan.name);
  const dates = plan.ends_on
    ? __("{0} to {1}", [dateInWords(plan.starts_on), dateInWords(plan.ends_on)])
    : __("from {0}, open-ended", [dateInWords(plan.starts_on)]);
  return element(
    "span",
    {},
    element("strong", {}, name),
    ` ${plan.tier} `,
    pill(...STATES[plan.state]()),
    muted(dates),
  );
}
