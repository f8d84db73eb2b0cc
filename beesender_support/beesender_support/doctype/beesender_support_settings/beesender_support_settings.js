frappe.ui.form.on("Beesender Support Settings", {
  refresh(frm) {
    if (!frappe.user.has_role(["Agent Manager", "System Manager"])) return;
    frm.add_custom_button(__("Restore the shipped views of tickets"), restore_views);
  },
});

function restore_views() {
  const question = __(
    "The shipped views of tickets will be restored. Views that people made themselves stay as they are. Continue?",
  );
  frappe.confirm(question, async () => {
    await frappe.xcall("beesender_support.api.lists.restore_views");
    frappe.show_alert({ message: __("The views are restored."), indicator: "green" });
  });
}
