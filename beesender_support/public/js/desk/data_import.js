// Desk runs this as a plain script, on Frappe's own Data Import.
frappe.ui.form.on("Data Import", {
  refresh(frm) {
    const isOurs = (frm.doc.reference_doctype || "").startsWith("Beesender ");
    if (frm.is_new() || !isOurs || !frm.doc.import_file) return;
    frm.add_custom_button(__("Check only"), async () => {
      const { records, faults } = await frappe.xcall(
        "beesender_support.api.desk.check_data_import",
        { name: frm.doc.name },
      );
      const lines = faults.map(({ rows, fault }) => {
        const where = rows.length ? __("Row {0}", [rows.join(", ")]) : __("File");
        return frappe.utils.escape_html(`${where}: ${fault}`);
      });
      frappe.msgprint({
        title: __("Check only"),
        message: lines.length
          ? lines.join("<br>")
          : __("{0} records, and nothing is wrong. Nothing was kept.", [records]),
        indicator: lines.length ? "orange" : "green",
        wide: true,
      });
    });
  },
});
