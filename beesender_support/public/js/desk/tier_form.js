const tier_fields = ["around_the_clock", "rank", "fee_percent", "authorized_contact_limit"];
const tier_rows = {
  "Beesender Support Window": [
    "weekday",
    "start_time",
    "end_time",
    "support_windows_add",
    "support_windows_remove",
  ],
  "Beesender Response Target": [
    "priority",
    "hours",
    "response_targets_add",
    "response_targets_remove",
  ],
};

frappe.ui.form.on("Beesender Tier", {
  async setup(frm) {
    const zones = await frappe.xcall("beesender_support.api.desk.time_zones");
    frm.preview = beesender_support.due_controls(frm, zones, draw_tier);
    beesender_support.fill(frm, "due_preview", frm.preview.controls, frm.preview.table);
    draw_tier(frm);
  },

  async refresh(frm) {
    beesender_support.add_rerate_button(frm);
    await beesender_support.with_styles();
    draw_tier(frm);
    draw_concern(frm);
  },
});

beesender_support.when_typed("Beesender Tier", tier_fields, draw_tier);
for (const [doctype, fieldnames] of Object.entries(tier_rows)) {
  beesender_support.when_typed(doctype, fieldnames, draw_tier);
}

// Week and due times by the form as it is typed; what they are, the server says.
async function draw_tier(frm) {
  if (!frm.preview || !frm.fields_dict.week_grid) return;
  const preview = await beesender_support.latest(frm, "tier_preview", {
    values: frm.doc,
    ...frm.preview.values(),
  });
  if (!preview) return;
  beesender_support.fill(
    frm,
    "week_grid",
    beesender_support.refusal(preview.refusal),
    beesender_support.week_grid(preview)
  );
  frm.preview.table.replaceChildren(beesender_support.due_table(preview));
}

async function draw_concern(frm) {
  if (frm.is_new()) {
    beesender_support.fill(frm, "concern");
    return;
  }
  const concern = await frappe.xcall("beesender_support.api.desk.tier_concern", {
    tier: frm.doc.name,
  });
  beesender_support.fill(frm, "concern", ...concern_in_words(concern));
}

function concern_in_words(concern) {
  const { element, link } = beesender_support;
  // A change of a tier touches no open ticket: its terms were frozen when it came.
  const counted = __(
    "Active plans with this tier: {0}. Open tickets: {1}; they keep the terms they were registered with until they are re-rated, a change applies to new ones.",
    [concern.plans, concern.open_tickets]
  );
  const plans = concern.named_plans.flatMap((plan) => [
    link("Beesender Support Plan", plan.name, `${plan.customer} (${plan.name})`),
    ", ",
  ]);
  const more = concern.plans - concern.named_plans.length;
  const last = more > 0 ? __("and {0} more", [more]) : "";
  return [
    element("p", { class: "text-muted" }, counted),
    plans.length ? element("p", {}, plans.slice(0, more > 0 ? undefined : -1), last) : "",
  ];
}
