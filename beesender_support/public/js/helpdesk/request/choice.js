// What is chosen in a new request: a category, and one of the priorities that it offers.
// `doc` holds the fields of Helpdesk's form and is written in place.

// The fields that this app fills in, which are empty without a plan.
const FIELDS = ["ticket_type", "beesender_priority", "beesender_access_details"];

// The people it is for: an agent may name a customer, a contact of theirs, or both.
export function whoAsks({ customer, contact }) {
  return { customer: customer || null, contact: contact || null };
}

export function isSame(one, other) {
  return one.customer === other.customer && one.contact === other.contact;
}

export class RequestChoice {
  #doc;
  #categories = [];
  #isPriorityChosen = false;

  constructor(doc) {
    this.#doc = doc;
  }

  get category() {
    return this.#categories.find(({ name }) => name === this.#doc.ticket_type);
  }

  get priority() {
    const { priorities } = this.category;
    return priorities.find(({ code }) => code === this.#doc.beesender_priority);
  }

  // Returns whether the category changed because the chosen one is no longer offered.
  offer({ categories, category }) {
    this.#categories = categories;
    this.#doc.beesender_offers = 1;
    if (this.category) return false;
    this.chooseCategory(category);
    return true;
  }

  // A priority that somebody chose stays, where the category offers it.
  chooseCategory(name) {
    this.#doc.ticket_type = name;
    if (this.#isPriorityChosen && this.priority) return;
    this.#doc.beesender_priority = this.category.priority;
    this.#isPriorityChosen = false;
  }

  choosePriority(code) {
    this.#doc.beesender_priority = code;
    this.#isPriorityChosen = true;
  }

  // Withdraws the offer; returns whether there was one.
  clear() {
    if (!this.#doc.beesender_offers) return false;
    for (const field of FIELDS) this.#doc[field] = "";
    this.#doc.beesender_offers = "";
    return true;
  }

  // Changes when something else is offered or chosen. A deadline moves with the clock,
  // and does not make another offer.
  fingerprint() {
    return JSON.stringify([this.#categories, this.#doc.ticket_type], (key, value) =>
      key === "due" ? undefined : value,
    );
  }
}
