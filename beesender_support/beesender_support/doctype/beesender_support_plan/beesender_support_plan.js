frappe.ui.form.on("Beesender Support Plan", {
  async setup(frm) {
    const zones = await frappe.xcall("beesender_support.api.desk.time_zones");
    frm.get_field("time_zone").set_data(zones);
  },

  async refresh(frm) {
    const overview = frm.fields_dict.overview.$wrapper;
    if (frm.is_new()) {
      overview.empty();
      return;
    }
    const plan = await frappe.xcall("beesender_support.api.desk.plan_overview", {
      plan: frm.doc.name,
    });
    // Replaced at once: a form refreshes twice when it is saved.
    overview.html(
      sentences_of(plan).map((sentence) => $("<p class='text-muted'>").text(sentence))
    );
    frm.page.set_indicator(
      plan.is_in_force ? __("In force") : __("Not in force"),
      plan.is_in_force ? "green" : "gray"
    );
    for (const contact of plan.without_portal_access) {
      frm.add_custom_button(contact, () => invite(frm, contact), __("Invite to the portal"));
    }
  },
});

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
    : __("Support opens at {0} in the plan's time zone, {1} in yours.", [
        as_it_stands(plan.next_open_local),
        frappe.datetime.str_to_user(plan.next_open),
      ]);
  return [seats, opening];
}

// str_to_user would take the time of the plan's zone for one of the site's.
function as_it_stands(time) {
  const date_format = frappe.datetime.get_user_date_fmt().toUpperCase();
  return moment(time).format(`${date_format} ${frappe.datetime.get_user_time_fmt()}`);
}
