// Public holidays of a country: shown first, chosen by a person, then added to the form.
frappe.provide("beesender_support");

beesender_support.add_holiday_import = function (frm) {
  if (!frm.has_perm("write")) return;
  frm.fields_dict.holidays.grid.add_custom_button(__("Import public holidays"), async () => {
    await beesender_support.with_styles();
    beesender_support.countries ??= await frappe.xcall(
      "beesender_support.api.desk.holiday_countries"
    );
    beesender_support.holiday_dialog(frm, beesender_support.countries);
  });
};

beesender_support.holiday_dialog = function (frm, countries) {
  const shown = { rows: [], boxes: [] };
  const dialog = new frappe.ui.Dialog({
    title: __("Import public holidays"),
    size: "large",
    fields: beesender_support.holiday_fields(countries, () => show_holidays()),
    primary_action_label: __("Add to the plan"),
    primary_action: () => {
      const chosen = shown.rows.filter((_row, index) => shown.boxes[index].checked);
      beesender_support.add_holidays(frm, chosen, dialog);
    },
  });
  const country = () => countries.find((each) => each.country === dialog.get_value("country"));

  async function show_holidays() {
    const values = dialog.get_values();
    if (!values) return;
    shown.rows = await frappe.xcall("beesender_support.api.desk.holidays_of", {
      ...values,
      present: frm.doc.holidays.map((row) => row.date).filter(Boolean),
    });
    shown.boxes = beesender_support.show_holidays(dialog, shown.rows);
  }

  dialog.fields_dict.country.df.change = () => {
    beesender_support.offer_of_country(dialog, country());
    shown.rows = shown.boxes = beesender_support.show_holidays(dialog, []);
  };
  dialog.show();
};

beesender_support.holiday_fields = function (countries, show) {
  const year = moment().year();
  const years = Array.from({ length: 10 }, (_none, index) => year - 1 + index);
  return [
    {
      fieldtype: "Select",
      fieldname: "country",
      label: __("Country"),
      reqd: 1,
      options: [
        { value: "", label: "" },
        ...countries.map((each) => ({ value: each.country, label: each.name })),
      ],
    },
    { fieldtype: "Select", fieldname: "subdivision", label: __("Region"), hidden: 1 },
    { fieldtype: "Select", fieldname: "language", label: __("Language of the names"), hidden: 1 },
    { fieldtype: "Column Break" },
    { fieldtype: "Select", fieldname: "first_year", label: __("From year"), options: years, default: year, reqd: 1 },
    { fieldtype: "Select", fieldname: "last_year", label: __("To year"), options: years, default: year, reqd: 1 },
    { fieldtype: "Button", fieldname: "show", label: __("Show holidays"), click: show },
    { fieldtype: "Section Break" },
    { fieldtype: "HTML", fieldname: "holidays" },
  ];
};

// Regions and languages of a country, the reader's language first where there is one.
beesender_support.offer_of_country = function (dialog, country) {
  const regions = country?.subdivisions || [];
  const languages = country?.languages || [];
  const mine = languages.find((each) => each.language.split("_")[0] === frappe.boot.lang);
  dialog.set_df_property("subdivision", "options", [
    { value: "", label: __("The whole country") },
    ...regions.map((each) => ({ value: each.subdivision, label: each.name })),
  ]);
  dialog.set_df_property("subdivision", "hidden", !regions.length);
  dialog.set_df_property("language", "options", [
    { value: "", label: __("The country's own") },
    ...languages.map((each) => ({ value: each.language, label: each.name })),
  ]);
  dialog.set_df_property("language", "hidden", !languages.length);
  dialog.set_value("subdivision", "");
  dialog.set_value("language", mine?.language || "");
};

// Draws the table and returns its boxes, one a row.
beesender_support.show_holidays = function (dialog, rows) {
  const { element } = beesender_support;
  const boxes = rows.map((row) =>
    element("input", {
      type: "checkbox",
      checked: !row.is_present,
      disabled: row.is_present,
      "aria-label": `${beesender_support.date(row.date)} ${row.description}`,
    })
  );
  const note = __(
    "Untick what does not close support. Nothing is kept before you save the plan, and open tickets keep their terms: re-rate them if they should follow."
  );
  const heads = ["", __("Date"), __("Holiday")].map((head) => element(head ? "th" : "td", {}, head));
  const table = element(
    "table",
    { class: "table beesender-table" },
    element("thead", {}, element("tr", {}, heads)),
    element("tbody", {}, rows.map((row, index) => beesender_support.holiday_row(row, boxes[index])))
  );
  const region = { class: "beesender-scroll", tabindex: "0", role: "region", "aria-label": __("Holidays") };
  dialog.fields_dict.holidays.$wrapper
    .empty()
    .append(rows.length ? [element("p", {}, note), element("div", region, table)] : []);
  return boxes;
};

beesender_support.holiday_row = function (row, box) {
  const { element, date, pill } = beesender_support;
  return element(
    "tr",
    {},
    element("td", {}, box),
    element("td", {}, `${date(row.date)}, ${row.weekday}`),
    element("td", {}, row.description, " ", row.is_present && pill(__("Already in the plan"), "gray"))
  );
};

beesender_support.add_holidays = function (frm, chosen, dialog) {
  if (!chosen.length) {
    frappe.msgprint(__("Show the holidays of a country, then choose at least one."));
    return;
  }
  for (const { date, description } of chosen) {
    frm.add_child("holidays", { date, description: description.slice(0, 140) });
  }
  frm.refresh_field("holidays");
  frm.dirty();
  dialog.hide();
  frappe.show_alert({
    message: __("Holidays added: {0}. Save the plan to keep them.", [chosen.length]),
    indicator: "blue",
  });
};
