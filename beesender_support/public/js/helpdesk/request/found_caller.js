// Who was found or made for a number, as it stands in the form. `doc` holds the form's
// fields and is written in place.
export class FoundCaller {
  #doc;
  #found = {};

  constructor(doc) {
    this.#doc = doc;
  }

  set(contact, customer) {
    const found = { contact, ...(customer && { customer }) };
    for (const [field, value] of Object.entries(found)) {
      // What an agent chose by hand is theirs, whoever calls.
      if (this.#doc[field] === value) continue;
      this.#doc[field] = value;
      this.#found[field] = value;
    }
  }

  // Takes back what still stands there because somebody was found; returns whether
  // anything did. The next caller is somebody else.
  clear() {
    const stale = Object.entries(this.#found).filter(
      ([field, value]) => this.#doc[field] === value,
    );
    for (const [field] of stale) this.#doc[field] = "";
    this.#found = {};
    return stale.length > 0;
  }
}
