// Desk runs this as a plain script, on Helpdesk's own customer.
frappe.ui.form.on("HD Customer", {
  async refresh(frm) {
    const may = ["System Manager", "Agent Manager"];
    if (frm.is_new() || !may.some((role) => frappe.user.has_role(role))) return;
    frm.add_custom_button(__("Export all data"), () => {
      frappe.prompt(
        {
          fieldname: "with_secrets",
          fieldtype: "Check",
          label: __("With access details in plain text"),
          description: __("Each reading is noted in the history of its ticket."),
        },
        ({ with_secrets }) =>
          window.open_url_post(
            "/api/method/beesender_support.api.people.export_customer",
            {
              customer: frm.doc.name,
              with_secrets: with_secrets || 0,
            },
          ),
        __("Export all data"),
        __("Export"),
      );
    });
    const base = frappe.boot.beesender_public_files;
    const { addExportButton } = await import(`${base}/js/desk/decisions.js`);
    addExportButton(frm);
  },
});
