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

// Rows of the plan's table for the holidays that are ticked.
export function chosenRows(holidays, isTicked) {
  return holidays
    .filter((_holiday, index) => isTicked[index])
    .map(({ date, description }) => ({
      date,
      description: description.slice(0, LONGEST_DESCRIPTION),
    }));
}
