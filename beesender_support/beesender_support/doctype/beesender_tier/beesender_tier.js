frappe.ui.form.on("Beesender Tier", {
  async refresh(frm) {
    frm.fields_dict.concern.$wrapper.empty();
    if (frm.is_new()) return;
    const concern = await frappe.xcall("beesender_support.api.desk.tier_concern", {
      tier: frm.doc.name,
    });
    // A change of a tier touches no open ticket: its terms were frozen when it came.
    const text = __(
      "{0} active plans have this tier. {1} open tickets keep the terms they were registered with; a change applies to new ones.",
      [concern.plans, concern.open_tickets]
    );
    frm.fields_dict.concern.$wrapper.append($("<p class='text-muted'>").text(text));
  },
});
