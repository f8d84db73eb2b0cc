// The plans of a customer on one line of time, today and contract years marked.
frappe.provide("beesender_support");

beesender_support.plan_states = {
  in_force: () => [__("In force"), "green"],
  not_started: () => [__("Starts later"), "blue"],
  ended: () => [__("Ended"), "gray"],
  suspended: () => [__("Suspended"), "orange"],
  draft: () => [__("Draft"), "gray"],
};

beesender_support.timeline = function (timeline) {
  const { element, date, mark } = beesender_support;
  const day = (text) => moment(text).valueOf();
  const length = day(timeline.last) - day(timeline.first);
  const at = (text) => Math.min(1, Math.max(0, (day(text) - day(timeline.first)) / length));
  const years = timeline.contract_years.map(date).join(", ");
  const plans = timeline.plans.map((plan) => beesender_support.timeline_plan(plan, timeline, at));
  return element(
    "div",
    {},
    timeline.warnings.map((warning) => beesender_support.refusal(warning)),
    element("ul", { class: "beesender-list beesender-timeline", "aria-label": __("Plans of the customer") }, plans),
    element(
      "p",
      { class: "text-muted" },
      __("From {0} to {1}; the red line is today, {2}. Contract years begin on {3}.", [
        date(timeline.first),
        date(timeline.last),
        date(timeline.today),
        years,
      ])
    )
  );
};

beesender_support.timeline_plan = function (plan, timeline, at) {
  const { element, bar, mark, stretch } = beesender_support;
  const kind = plan.state === "in_force" ? "beesender-open" : "beesender-other";
  const ticks = plan.is_this
    ? timeline.contract_years.slice(1).map((year) => mark(at(year), "beesender-tick"))
    : [];
  // The last day is the plan's own.
  const end = plan.ends_on ? moment(plan.ends_on).add(1, "day") : timeline.last;
  return element(
    "li",
    {},
    beesender_support.timeline_text(plan),
    bar(stretch(at(plan.starts_on), at(end), kind), ticks, mark(at(timeline.today), "beesender-today"))
  );
};

beesender_support.timeline_text = function (plan) {
  const { element, date, link, pill } = beesender_support;
  const name = plan.is_this ? __("This plan") : link("Beesender Support Plan", plan.name);
  const dates = plan.ends_on
    ? __("{0} to {1}", [date(plan.starts_on), date(plan.ends_on)])
    : __("from {0}, open-ended", [date(plan.starts_on)]);
  const [label, colour] = beesender_support.plan_states[plan.state]();
  return element(
    "span",
    {},
    element("strong", {}, name),
    ` ${plan.tier} `,
    pill(label, colour),
    beesender_support.muted(dates)
  );
};
