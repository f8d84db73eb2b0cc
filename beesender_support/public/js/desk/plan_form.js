const plan_fields = [
  "customer",
  "tier",
  "time_zone",
  "status",
  "starts_on",
  "ends_on",
  "licence_price",
  "currency",
];
const plan_rows = {
  "Beesender Authorized Contact": [
    "contact",
    "from_date",
    "to_date",
    "authorized_contacts_add",
    "authorized_contacts_remove",
  ],
  "Beesender Plan Holiday": ["date", "start_time", "end_time", "holidays_add", "holidays_remove"],
};

frappe.ui.form.on("Beesender Support Plan", {
  async setup(frm) {
    const zones = await frappe.xcall("beesender_support.api.desk.time_zones");
    const field = frm.get_field("time_zone");
    field.set_data(zones);
    // A name that is not offered stays to be seen: saving refuses it by that name. Frappe
    // would empty the field and call it missing.
    field.df.ignore_validation = 1;
  },

  async refresh(frm) {
    beesender_support.add_rerate_button(frm);
    beesender_support.add_holiday_import(frm);
    await beesender_support.with_styles();
    draw_plan(frm);
  },
});

beesender_support.when_typed("Beesender Support Plan", plan_fields, draw_plan);
for (const [doctype, fieldnames] of Object.entries(plan_rows)) {
  beesender_support.when_typed(doctype, fieldnames, draw_plan);
}

// The plan as it is typed; what it is worth and what is off, the server says.
async function draw_plan(frm) {
  const plan = await beesender_support.latest(frm, "plan_overview", { values: frm.doc });
  if (!plan) return;
  show_fee(frm, plan.fee);
  const sentences = plan.timeline ? sentences_of(plan) : [];
  beesender_support.fill(
    frm,
    "overview",
    beesender_support.refusal(plan.refusal),
    ...sentences.map((text) => beesender_support.element("p", { class: "text-muted" }, text))
  );
  beesender_support.fill(frm, "timeline", plan.timeline && beesender_support.timeline(plan.timeline));
  beesender_support.fill(frm, "seats", beesender_support.seats(plan));
  if (plan.timeline && !frm.is_new() && !frm.is_dirty()) show_saved_state(frm, plan);
}

function show_saved_state(frm, plan) {
  frm.page.set_indicator(
    plan.is_in_force ? __("In force") : __("Not in force"),
    plan.is_in_force ? "green" : "gray"
  );
  for (const contact of plan.without_portal_access) {
    frm.add_custom_button(contact, () => invite(frm, contact), __("Invite to the portal"));
  }
}

// Shown only: saving counts it again.
function show_fee(frm, fee) {
  const percent = fee && new Intl.NumberFormat(frappe.boot.lang).format(fee.percent);
  const description = fee ? __("{0}% of the licence price", [percent]) : "";
  frm.set_df_property("fee", "description", description);
  if (fee && fee.amount !== frm.doc.fee) {
    frm.doc.fee = fee.amount;
    frm.refresh_field("fee");
  }
}

async function invite(frm, contact) {
  await frappe.xcall("run_doc_method", {
    dt: "HD Customer",
    dn: frm.doc.customer,
    method: "add_contacts",
    args: { contacts: [contact] },
  });
  frappe.show_alert({ message: __("{0} is invited.", [contact]), indicator: "green" });
}

function sentences_of(plan) {
  const seats = __("{0} of {1} seats are used today.", [
    plan.seats_used,
    plan.seats_included,
  ]);
  const opening = plan.is_open
    ? __("Support is open now.")
    : __("Support is closed now. It opens on {0} in the plan's time zone, on {1} in yours.", [
        beesender_support.as_it_stands(plan.next_open_local),
        frappe.datetime.str_to_user(plan.next_open),
      ]);
  return [seats, opening];
}
