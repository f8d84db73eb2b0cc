// Desk runs this as a plain script; what the list does is in the module.
frappe.listview_settings["Beesender Support Plan"] = {
  onload(listview) {
    if (frappe.model.can_create("Beesender Support Plan")) {
      listview.page.add_actions_menu_item(__("Renew"), async () => {
        const address = `${frappe.boot.beesender_public_files}/js/desk/renewal.js`;
        (await import(address)).renewChosen(listview);
      });
    }
    if (frappe.model.can_export("Beesender Support Plan")) {
      listview.page.add_menu_item(__("Export for the command"), () => {
        window.open("/api/method/beesender_support.api.desk.export_for_command");
      });
    }
  },
};
