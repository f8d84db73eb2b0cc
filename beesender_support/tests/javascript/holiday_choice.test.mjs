import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosenRows,
  languageOf,
  missingRows,
  yearsFrom,
} from "../../public/js/desk/holiday_choice.js";

test("ten years are offered, from the last one on", () => {
  const years = yearsFrom(2026);
  assert.deepEqual([years[0], years.at(-1), years.length], [2025, 2034, 10]);
});

test("names are offered in the reader's language, where there are any", () => {
  const languages = [{ language: "en_US" }, { language: "ru" }];
  assert.equal(languageOf("ru", languages), "ru");
  assert.equal(languageOf("en", languages), "en_US");
  assert.equal(languageOf("de", languages), "");
  assert.equal(languageOf("de", []), "");
});

const HOLIDAYS = [
  { date: "2026-12-25", description: "Christmas Day", weekday: "Fri" },
  { date: "2026-12-26", description: "x".repeat(141), weekday: "Sat" },
];

test("what is ticked becomes a row, with a name that fits", () => {
  assert.deepEqual(chosenRows(HOLIDAYS, [false, true]), [
    { date: "2026-12-26", description: "x".repeat(140) },
  ]);
  assert.deepEqual(chosenRows(HOLIDAYS, [true, false]), [
    { date: "2026-12-25", description: "Christmas Day" },
  ]);
});

test("what the calendar lacks becomes a row that says what it is", () => {
  const found = [
    { date: "2027-01-01", description: "New Year", is_present: true },
    { date: "2027-03-09", description: "Feast", is_estimated: true },
    { date: "2027-02-20", description: "In exchange", is_working_day: true },
    { date: "2027-05-01", description: "May", is_estimated: false },
  ];
  assert.deepEqual(missingRows(found), [
    { date: "2027-03-09", description: "Feast", is_estimated: 1 },
    { date: "2027-02-20", description: "In exchange", is_working_day: 1 },
    { date: "2027-05-01", description: "May" },
  ]);
});

test("nothing ticked, no rows", () => {
  assert.deepEqual(chosenRows(HOLIDAYS, [false, false]), []);
});
