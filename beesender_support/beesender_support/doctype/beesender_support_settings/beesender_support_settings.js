frappe.ui.form.on("Beesender Support Settings", {
  refresh(frm) {
    if (!frappe.user.has_role(["Agent Manager", "System Manager"])) return;
    frm.add_custom_button(__("Restore the shipped views of tickets"), restore_views);
  },
});

function restore_views() {
  const question = __(
    "The views of tickets that this app ships are made again as they were shipped. Views that people made stay as they are. Go on?",
  );
  frappe.confirm(question, async () => {
    await frappe.xcall("beesender_support.api.lists.restore_views");
    frappe.show_alert({ message: __("The views are restored."), indicator: "green" });
  });
}
