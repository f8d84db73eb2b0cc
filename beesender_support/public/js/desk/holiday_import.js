// Public holidays of a country: shown first, chosen by a person, then added to the form.
import { element } from "../shared/dom.js";
import { loadStyles, showDialog } from "./forms.js";
import { chosenRows, languageOf, missingRows, yearsFrom } from "./holiday_choice.js";
import { dateInWords, pill, scrollable, table } from "./parts.js";

const API = "beesender_support.api.desk";
let countries = null;

// A form that holidays are imported to: its table, and how it is spoken of.
export const PLAN = {
  table: "holidays",
  add: () => __("Add to the plan"),
  added: (count) => __("Holidays added: {0}. Save the plan to keep them.", [count]),
  isPresent: () => __("Already in the plan"),
  note: () =>
    __(
      "Untick days on which support works. Nothing is stored until you save the plan, and open tickets keep their terms: re-rate them to apply the holidays.",
    ),
};
export const CALENDAR = {
  table: "days",
  add: () => __("Add to the calendar"),
  added: (count) => __("Dates added: {0}. Save the calendar to keep them.", [count]),
  isPresent: () => __("Already in the calendar"),
  note: () =>
    __(
      "Untick days on which support works. Nothing is stored until you save the calendar, and open tickets keep their terms: re-rate them to apply the holidays.",
    ),
  remember: rememberSource,
};

export function addHolidayImport(frm, kind = PLAN) {
  if (!frm.has_perm("write")) return;
  const { grid } = frm.fields_dict[kind.table];
  grid.add_custom_button(__("Import public holidays"), async () => {
    await loadStyles();
    countries ??= await frappe.xcall(`${API}.holiday_countries`);
    openImport(frm, kind);
  });
}

// The year after the last one that was imported, from where that came from.
export async function addNextYear(frm, year) {
  const { country, region, language } = frm.doc;
  const holidays = await frappe.xcall(`${API}.holidays_of`, {
    country,
    first_year: year,
    last_year: year,
    subdivision: region,
    language,
    present: presentIn(frm, CALENDAR),
  });
  if (!holidays.length) {
    frappe.msgprint(__("No holidays of {0} are known yet.", [year]));
    return;
  }
  await frm.set_value("last_year", year);
  addRows(frm, missingRows(holidays), CALENDAR);
}

// What a holiday list of Helpdesk's has beside its weekly days off.
export async function addFromList(frm, holiday_list) {
  const holidays = await frappe.xcall(`${API}.holidays_of_list`, {
    holiday_list,
    present: presentIn(frm, CALENDAR),
  });
  addRows(frm, missingRows(holidays), CALENDAR);
}

function presentIn(frm, { table }) {
  return (frm.doc[table] || []).map(({ date }) => date).filter(Boolean);
}

function rememberSource(
  frm,
  { country, subdivision, language, first_year, last_year },
) {
  const { doc } = frm;
  const isSame = doc.country === country && (doc.region || "") === (subdivision || "");
  return frm.set_value({
    country,
    region: subdivision || "",
    language: language || "",
    first_year: isSame
      ? Math.min(first_year, doc.first_year || first_year)
      : first_year,
    last_year: isSame ? Math.max(last_year, doc.last_year || last_year) : last_year,
  });
}

function openImport(frm, kind) {
  let holidays = [];
  let shownOf = null;
  let boxes = [];
  const dialog = new frappe.ui.Dialog({
    title: __("Import public holidays"),
    size: "large",
    fields: fieldsOf(() => showHolidays()),
    primary_action_label: kind.add(),
    primary_action: async () => {
      const isTicked = boxes.map(({ checked }) => checked);
      const rows = chosenRows(holidays, isTicked);
      if (!refuseNothing(rows)) return;
      await kind.remember?.(frm, shownOf);
      addRows(frm, rows, kind);
      dialog.hide();
    },
  });

  function show(found) {
    holidays = found;
    boxes = found.map(boxOf);
    const { $wrapper } = dialog.fields_dict.holidays;
    $wrapper.empty().append(found.length ? listOf(found, boxes, kind) : []);
  }

  async function showHolidays() {
    const values = dialog.get_values();
    if (!values) return;
    const present = presentIn(frm, kind);
    shownOf = {
      ...values,
      first_year: Number(values.first_year),
      last_year: Number(values.last_year),
    };
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
  showDialog(dialog);
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

function listOf(holidays, boxes, kind) {
  const heads = [element("td"), __("Date"), __("Holiday")];
  const rows = holidays.map((holiday, index) => rowOf(holiday, boxes[index], kind));
  return [
    element("p", {}, kind.note()),
    scrollable(__("Holidays"), table("", heads, rows)),
  ];
}

function rowOf(holiday, box, kind) {
  const { date, weekday, description } = holiday;
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
      holiday.is_estimated && pill(__("Estimated"), "orange"),
      holiday.is_working_day && pill(__("Working day"), "green"),
      holiday.is_present && pill(kind.isPresent(), "gray"),
    ),
  );
}

function refuseNothing(rows) {
  if (rows.length) return true;
  frappe.msgprint(__("Show the holidays of a country, then choose at least one."));
  return false;
}

function addRows(frm, rows, kind) {
  for (const row of rows) frm.add_child(kind.table, row);
  frm.refresh_field(kind.table);
  frm.dirty();
  frappe.show_alert({ message: kind.added(rows.length), indicator: "blue" });
}
