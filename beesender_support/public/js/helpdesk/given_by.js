// Who put access details on file, and when.
function givenBy({ given_by, given_at, language }, sentence) {
  return sentence
    .replace("{1}", momentInWords(given_at, language))
    .replace("{0}", given_by);
}
