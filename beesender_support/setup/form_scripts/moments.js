// An instant as the reader's own clock and calendar show it.
function inWords(instant, language) {
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

// Who put access details on file, and when.
function givenBy({ given_by, given_at, language }, sentence) {
  return sentence.replace("{1}", inWords(given_at, language)).replace("{0}", given_by);
}
