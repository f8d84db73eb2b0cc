import { instantInWords } from "../../shared/instants.js";
import { fill } from "../../shared/sentences.js";

// Who put access details on file, and when.
export function givenBy({ given_by, given_at, language }, sentence) {
  return fill(sentence, given_by, instantInWords(given_at, language));
}
