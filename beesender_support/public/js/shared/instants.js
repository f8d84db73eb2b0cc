// Instants as the reader's own clock and calendar show them. An instant is text in the form
// of ISO 8601 with an offset.

const DAY_AND_TIME = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

// In a zone or in the browser's own; null for a zone that this browser does not know.
function formatter(language, timeZone) {
  try {
    return new Intl.DateTimeFormat(language, { ...DAY_AND_TIME, timeZone });
  } catch {
    return null;
  }
}

// "Mon, 23 Nov, 12:30" in the reader's language.
export function instantInWords(instant, language, timeZone) {
  return formatter(language, timeZone)?.format(new Date(instant)) || null;
}

// "Mon, 23 Nov, 09:00 – 12:30", or one instant.
export function rangeInWords({ at, until }, language) {
  const format = formatter(language);
  if (!until) return format.format(new Date(at));
  return format.formatRange(new Date(at), new Date(until));
}

// The instant in other people's zones, where it differs there.
export function elsewhere(instant, { zones, language }) {
  const here = instantInWords(instant, language);
  return zones
    .map(({ label, time_zone }) => [
      label,
      time_zone && instantInWords(instant, language, time_zone),
    ])
    .filter(([, there]) => there && there !== here)
    .map(([label, there]) => `${there} (${label})`);
}

// The minute of a Date on the browser's clock, as an <input type="datetime-local"> has it.
// Made of the parts that the clock shows: around a change of summer time another offset
// holds an hour away.
export function asLocalInput(date) {
  const two = (number) => String(number).padStart(2, "0");
  const year = String(date.getFullYear()).padStart(4, "0");
  const day = [year, two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

// The instant that somebody typed into such a field.
export function fromLocalInput(text) {
  return new Date(text).toISOString();
}
