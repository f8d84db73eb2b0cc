// Desk runs this as a plain script, on Frappe's own Contact.
frappe.ui.form.on("Contact", {
  refresh(frm) {
    const may = ["System Manager", "Agent Manager"];
    if (frm.is_new() || !may.some((role) => frappe.user.has_role(role))) return;
    const api = "beesender_support.api.people";
    const asText = frappe.utils.escape_html;
    frm.add_custom_button(__("Sign out of the site widget"), () => {
      const contact = frm.doc.name;
      const question = __(
        "Everybody who is signed in to a site widget by an address of this contact has to confirm it again. Sign them out?",
      );
      frappe.confirm(question, async () => {
        const said = await frappe.xcall(`${api}.sign_out_of_widget`, { contact });
        frappe.show_alert(asText(said));
        frm.reload_doc();
      });
    });
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
