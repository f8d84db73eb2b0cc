// How a promise stands at an instant, in the server's words. The server gives its own
// time with the instants, so a browser whose clock is wrong still counts right.
import { fill } from "./sentences.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MINUTES_OF_DAY = 24 * 60;

// A clock that shows the server's time, from the `now` of a response.
export function clockFrom(now, readClock = Date.now) {
  const ahead = Date.parse(now) - readClock();
  return () => readClock() + ahead;
}

// The promise as it stands at `instant` (in milliseconds): {state, label}. One that is not
// counted says the same until something happens.
export function standingAt({ state, label, countdown }, words, instant) {
  if (!countdown?.counts_to) return { state, label };
  const left = Date.parse(countdown.counts_to) - inSeconds(instant);
  return {
    state: stateOf(countdown, left, instant),
    label: fill(countdown.frame, wordsOf(left, words, countdown)),
  };
}

// When it next stands otherwise; never for one that is not counted.
export function nextChange({ countdown }, instant) {
  if (!countdown?.counts_to) return Number.POSITIVE_INFINITY;
  const end = Date.parse(countdown.counts_to);
  const left = end - inSeconds(instant);
  const changes = [nextMinute(end, left)];
  const atRisk = Date.parse(countdown.at_risk_from);
  if (atRisk > instant) changes.push(atRisk);
  return Math.min(...changes);
}

function nextMinute(end, left) {
  // A minute less is said a second after it was reached.
  if (left >= 0) return end - Math.floor(left / MINUTE) * MINUTE + SECOND;
  return end + (Math.floor(-left / MINUTE) + 1) * MINUTE;
}

function stateOf({ at_risk_from }, left, instant) {
  if (left < 0) return "breached";
  return at_risk_from && instant >= Date.parse(at_risk_from) ? "at_risk" : "due";
}

function wordsOf(left, words, { overdue }) {
  if (left < 0) return fill(overdue, lengthInWords(Math.max(-left, MINUTE), words));
  if (left < MINUTE) return words.due_at_once;
  return fill(words.due, lengthInWords(left, words));
}

// "3 h 30 min" or "1 d 4 h": from a day on nobody counts minutes.
export function lengthInWords(length, words) {
  const total = Math.floor(length / MINUTE);
  const [hours, minutes] = [Math.floor(total / 60), total % 60];
  if (total >= MINUTES_OF_DAY) {
    const [days, rest] = [Math.floor(hours / 24), hours % 24];
    return rest ? fill(words.days_and_hours, days, rest) : fill(words.days, days);
  }
  if (hours && minutes) return fill(words.hours_and_minutes, hours, minutes);
  if (hours) return fill(words.hours, hours);
  return minutes ? fill(words.minutes, minutes) : words.at_once;
}

function inSeconds(instant) {
  return Math.floor(instant / SECOND) * SECOND;
}
