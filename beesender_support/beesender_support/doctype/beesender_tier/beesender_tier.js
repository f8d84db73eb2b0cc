frappe.ui.form.on("Beesender Tier", {
  async refresh(frm) {
    const wrapper = frm.fields_dict.concern.$wrapper;
    if (frm.is_new()) {
      wrapper.empty();
      return;
    }
    const concern = await frappe.xcall("beesender_support.api.desk.tier_concern", {
      tier: frm.doc.name,
    });
    // A change of a tier touches no open ticket: its terms were frozen when it came.
    const text = __(
      "Active plans with this tier: {0}. Open tickets: {1}; they keep the terms they were registered with, a change applies to new ones.",
      [concern.plans, concern.open_tickets]
    );
    // Replaced at once: a form refreshes twice when it is saved.
    wrapper.html($("<p class='text-muted'>").text(text));
  },
});
