// Desk runs this as a plain script; what the list does is in the modules.
frappe.listview_settings["Beesender Support Plan"] = {
  async onload(listview) {
    const files = frappe.boot.beesender_public_files;
    if (frappe.model.can_create("Beesender Support Plan")) {
      listview.page.add_actions_menu_item(__("Renew"), async () => {
        (await import(`${files}/js/desk/renewal.js`)).renewChosen(listview);
      });
    }
    if (frappe.model.can_export("Beesender Support Plan")) {
      listview.page.add_menu_item(__("Export for the command"), () => {
        window.open("/api/method/beesender_support.api.desk.export_for_command");
      });
    }
    await (await import(`${files}/js/desk/plan_list.js`)).onload(listview);
  },
};
