// Desk runs this as a plain script, on Frappe's own Contact.
frappe.ui.form.on("Contact", {
  refresh(frm) {
    const may = ["System Manager", "Agent Manager"];
    if (frm.is_new() || !may.some((role) => frappe.user.has_role(role))) return;
    const api = "beesender_support.api.people";
    const asText = frappe.utils.escape_html;
    frm.add_custom_button(__("Erase personal data"), async () => {
      const contact = frm.doc.name;
      const found = await frappe.xcall(`${api}.erasure_preview`, { contact });
      if (!found.length) {
        frappe.msgprint(__("The personal data of this contact are erased already."));
        return;
      }
      const rows = found.map(
        ({ doctype, records, becomes }) =>
          `<tr><td>${asText(__(doctype))}</td><td>${records}</td>` +
          `<td>${asText(becomes)}</td></tr>`,
      );
      const heads = [__("Records"), __("How many"), __("What becomes of them")];
      const head = heads.map((text) => `<th>${asText(text)}</th>`).join("");
      const dialog = new frappe.ui.Dialog({
        title: __("Erase personal data"),
        fields: [
          {
            fieldtype: "HTML",
            options: `<table class="table"><tr>${head}</tr>${rows.join("")}</table>`,
          },
          { fieldname: "why", fieldtype: "Small Text", label: __("Why"), reqd: 1 },
        ],
        primary_action_label: __("Erase for good"),
        async primary_action({ why }) {
          dialog.hide();
          await frappe.xcall(`${api}.erase_contact`, { contact, why });
          frappe.show_alert(__("The personal data are being erased."));
          frappe.set_route("List", "Beesender Erasure");
        },
      });
      dialog.show();
    });
  },
});
