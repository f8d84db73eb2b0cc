// Times of a week as the reader's clock shows them, and waits in words.
import { fill } from "../shared/sentences.js";

export const MINUTE = 60_000;
const MINUTES_OF_AN_HOUR = 60;
const MINUTES_OF_A_DAY = 24 * 60;

export function readersZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// The day and the time of a Date: {day: "2026-11-20", time: "17:30"}.
export function localParts(instant) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const of = (type) => parts.find((part) => part.type === type).value;
  return {
    day: `${of("year")}-${of("month")}-${of("day")}`,
    time: `${of("hour")}:${of("minute")}`,
  };
}

// "Fri 17:30".
export function weekdayAndTime(instant, language) {
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short" }).format(
    instant,
  );
  return `${weekday} ${localParts(instant).time}`;
}

// "10:00–19:00" for the support hours of a row of the week; times on another day for
// the reader name that day.
export function hoursOn(day, opens, closes, language) {
  return `${timeOn(day, opens, language)}–${closingTimeOn(day, closes, language)}`;
}

// "2 h 5 min" by the translated forms that a page brings with it.
export function waitInWords(minutes, forms) {
  if (minutes >= MINUTES_OF_A_DAY) {
    const days = Math.floor(minutes / MINUTES_OF_A_DAY);
    const hours = Math.floor((minutes % MINUTES_OF_A_DAY) / MINUTES_OF_AN_HOUR);
    return fill(hours ? forms.days : forms.wholeDays, days, hours);
  }
  if (minutes < MINUTES_OF_AN_HOUR) return fill(forms.minutes, minutes);
  const hours = Math.floor(minutes / MINUTES_OF_AN_HOUR);
  const rest = minutes % MINUTES_OF_AN_HOUR;
  return fill(rest ? forms.hours : forms.wholeHours, hours, rest);
}

function timeOn(day, instant, language) {
  const local = localParts(instant);
  return local.day === day ? local.time : weekdayAndTime(instant, language);
}

// The midnight that ends the day is its 24:00.
function closingTimeOn(day, closes, language) {
  const { day: before } = localParts(new Date(closes - MINUTE));
  const { time } = localParts(closes);
  return time === "00:00" && before === day ? "24:00" : timeOn(day, closes, language);
}
