// Instants as the reader's own clock and calendar show them.
const DAY_AND_TIME = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

// "Mon, 23 Nov, 12:30" in the reader's language, in a zone or in the browser's own.
function formatter(language, timeZone) {
  try {
    return new Intl.DateTimeFormat(language, { ...DAY_AND_TIME, timeZone });
  } catch {
    return null; // A zone that this browser does not know.
  }
}

function momentInWords(instant, language, timeZone) {
  return formatter(language, timeZone)?.format(new Date(instant)) || null;
}

// "Mon, 23 Nov, 09:00 – 12:30", or one moment.
function rangeInWords({ at, until }, language) {
  const format = formatter(language);
  if (!until) return format.format(new Date(at));
  return format.formatRange(new Date(at), new Date(until));
}

// The moment in other people's zones, where it reads differently there.
function elsewhere(instant, { zones, language }) {
  const here = momentInWords(instant, language);
  return zones
    .map(({ label, time_zone }) => [
      label,
      time_zone && momentInWords(instant, language, time_zone),
    ])
    .filter(([, there]) => there && there !== here)
    .map(([label, there]) => `${there} (${label})`);
}
