// Public holidays of a country: shown first, chosen by a person, then added to the form.
import { element } from "../shared/dom.js";
import { loadStyles } from "./forms.js";
import { chosenRows, languageOf, yearsFrom } from "./holiday_choice.js";
import { dateInWords, pill, scrollable, table } from "./parts.js";

const API = "beesender_support.api.desk";
let countries = null;

export function addHolidayImport(frm) {
  if (!frm.has_perm("write")) return;
  const { grid } = frm.fields_dict.holidays;
  grid.add_custom_button(__("Import public holidays"), async () => {
    await loadStyles();
    countries ??= await frappe.xcall(`${API}.holiday_countries`);
    openImport(frm);
  });
}

function openImport(frm) {
  let holidays = [];
  let boxes = [];
  const dialog = new frappe.ui.Dialog({
    title: __("Import public holidays"),
    size: "large",
    fields: fieldsOf(() => showHolidays()),
    primary_action_label: __("Add to the plan"),
    primary_action: () => {
      const isTicked = boxes.map(({ checked }) => checked);
      addHolidays(frm, chosenRows(holidays, isTicked), dialog);
    },
  });

  function show(found) {
    holidays = found;
    boxes = found.map(boxOf);
    const { $wrapper } = dialog.fields_dict.holidays;
    $wrapper.empty().append(found.length ? listOf(found, boxes) : []);
  }

  async function showHolidays() {
    const values = dialog.get_values();
    if (!values) return;
    const present = frm.doc.holidays.map(({ date }) => date).filter(Boolean);
    show(await frappe.xcall(`${API}.holidays_of`, { ...values, present }));
  }

  dialog.fields_dict.country.df.change = () => {
    const chosen = dialog.get_value("country");
    offerOf(
      dialog,
      countries.find(({ country }) => country === chosen),
    );
    show([]);
  };
  dialog.show();
}

function fieldsOf(show) {
  const year = moment().year();
  const select = (fieldname, label, rest) => ({
    fieldtype: "Select",
    fieldname,
    label,
    ...rest,
  });
  const ofYears = { options: yearsFrom(year), default: year, reqd: 1 };
  const ofCountries = countries.map(({ country, name }) => ({
    value: country,
    label: name,
  }));
  return [
    select("country", __("Country"), {
      reqd: 1,
      options: [{ value: "", label: "" }, ...ofCountries],
    }),
    select("subdivision", __("Region"), { hidden: 1 }),
    select("language", __("Language of the names"), { hidden: 1 }),
    { fieldtype: "Column Break" },
    select("first_year", __("From year"), ofYears),
    select("last_year", __("To year"), ofYears),
    { fieldtype: "Button", fieldname: "show", label: __("Show holidays"), click: show },
    { fieldtype: "Section Break" },
    { fieldtype: "HTML", fieldname: "holidays" },
  ];
}

// Regions and languages of a country, the reader's language first where there is one.
function offerOf(dialog, country) {
  const regions = country?.subdivisions || [];
  const languages = country?.languages || [];
  dialog.set_df_property("subdivision", "options", [
    { value: "", label: __("The whole country") },
    ...regions.map(({ subdivision, name }) => ({ value: subdivision, label: name })),
  ]);
  dialog.set_df_property("subdivision", "hidden", !regions.length);
  dialog.set_df_property("language", "options", [
    { value: "", label: __("The country's own") },
    ...languages.map(({ language, name }) => ({ value: language, label: name })),
  ]);
  dialog.set_df_property("language", "hidden", !languages.length);
  dialog.set_value("subdivision", "");
  dialog.set_value("language", languageOf(frappe.boot.lang, languages));
}

function boxOf({ date, description, is_present }) {
  return element("input", {
    type: "checkbox",
    checked: !is_present,
    disabled: is_present,
    "aria-label": `${dateInWords(date)} ${description}`,
  });
}

function listOf(holidays, boxes) {
  const note = __(
    "Untick days on which support works. Nothing is stored until you save the plan, and open tickets keep their terms: re-rate them to apply the holidays.",
  );
  const heads = [element("td"), __("Date"), __("Holiday")];
  const rows = holidays.map((holiday, index) => rowOf(holiday, boxes[index]));
  return [element("p", {}, note), scrollable(__("Holidays"), table("", heads, rows))];
}

function rowOf({ date, weekday, description, is_present }, box) {
  return element(
    "tr",
    {},
    element("td", {}, box),
    element("td", {}, `${dateInWords(date)}, ${weekday}`),
    element(
      "td",
      {},
      description,
      " ",
      is_present && pill(__("Already in the plan"), "gray"),
    ),
  );
}

function addHolidays(frm, rows, dialog) {
  if (!rows.length) {
    frappe.msgprint(__("Show the holidays of a country, then choose at least one."));
    return;
  }
  for (const row of rows) frm.add_child("holidays", row);
  frm.refresh_field("holidays");
  frm.dirty();
  dialog.hide();
  frappe.show_alert({
    message: __("Holidays added: {0}. Save the plan to keep them.", [rows.length]),
    indicator: "blue",
  });
}
