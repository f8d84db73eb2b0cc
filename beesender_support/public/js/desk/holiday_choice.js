// What is chosen in the import of public holidays, as plain values.

const YEARS_OFFERED = 10;
const LONGEST_DESCRIPTION = 140;

// Last year is offered as well: some plans are entered late.
export function yearsFrom(year) {
  return Array.from({ length: YEARS_OFFERED }, (_none, index) => year - 1 + index);
}

// The language of names that somebody reads, of those that a country's holidays have.
export function languageOf(reader, languages) {
  const mine = languages.find(({ language }) => language.split("_")[0] === reader);
  return mine?.language || "";
}

// Rows of the table for the holidays that are ticked.
export function chosenRows(holidays, isTicked) {
  return rowsOf(holidays.filter((_holiday, index) => isTicked[index]));
}

// Rows for what the table does not have yet.
export function missingRows(holidays) {
  return rowsOf(holidays.filter(({ is_present }) => !is_present));
}

function rowsOf(holidays) {
  return holidays.map(({ date, description, is_estimated, is_working_day }) => ({
    date,
    description: description.slice(0, LONGEST_DESCRIPTION),
    ...(is_estimated && { is_estimated: 1 }),
    ...(is_working_day && { is_working_day: 1 }),
  }));
}
