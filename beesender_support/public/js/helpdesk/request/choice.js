// What is chosen in a new request: a category, and one of the priorities that it offers,
// or answers that give the priority where the category asks what is affected.
// `doc` holds the fields of Helpdesk's form and is written in place.

// The fields that this app fills in, which are empty without a plan.
const FIELDS = [
  "ticket_type",
  "beesender_priority",
  "beesender_access_details",
  "beesender_entitlement",
];
const ANSWERS = ["beesender_affected", "beesender_way_round"];

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

  // Whether answers give the priority, and nobody chooses it.
  get isAsked() {
    return Boolean(this.category.affected);
  }

  get affected() {
    const options = this.category.affected ?? [];
    return options.find(({ value }) => value === this.#doc.beesender_affected);
  }

  get asksWayRound() {
    return Boolean(this.affected?.asks_way_round);
  }

  // Which of the questions has no answer yet: "affected", "way-round", or none.
  get openQuestion() {
    if (!this.isAsked || this.priority) return null;
    return this.affected ? "way-round" : "affected";
  }

  // Nothing while a question that gives it is open.
  get priority() {
    const { priorities } = this.category;
    return priorities.find(({ code }) => code === this.#doc.beesender_priority);
  }

  // Returns whether the category changed because the chosen one is no longer offered.
  offer({ categories, category }) {
    this.#categories = categories;
    this.#doc.beesender_offers = 1;
    if (this.category) {
      this.#follow();
      return false;
    }
    this.chooseCategory(category);
    return true;
  }

  // A priority that somebody chose stays, where the category offers it.
  chooseCategory(name) {
    this.#doc.ticket_type = name;
    if (this.isAsked) return this.#rate();
    this.#forgetAnswers();
    if (this.#isPriorityChosen && this.priority) return;
    this.#doc.beesender_priority = this.category.priority;
    this.#isPriorityChosen = false;
  }

  choosePriority(code) {
    this.#doc.beesender_priority = code;
    this.#isPriorityChosen = true;
  }

  chooseAffected(value) {
    this.#doc.beesender_affected = value;
    this.#rate();
  }

  chooseWayRound(value) {
    this.#doc.beesender_way_round = value;
    this.#rate();
  }

  // The same category may ask now, or ask no more, or offer other answers.
  #follow() {
    if (this.isAsked) this.#rate();
    else if (this.#forgetAnswers() || !this.priority) {
      this.chooseCategory(this.#doc.ticket_type);
    }
  }

  // The answers that are offered, and the priority that they give. The server rates them
  // again.
  #rate() {
    if (!this.affected) this.#doc.beesender_affected = "";
    if (!this.asksWayRound) this.#doc.beesender_way_round = "";
    const answer = this.#doc.beesender_way_round || (this.asksWayRound ? "" : "Yes");
    this.#doc.beesender_priority = this.affected?.priorities[answer] ?? "";
    this.#isPriorityChosen = false;
  }

  // Returns whether there had been questions.
  #forgetAnswers() {
    const asked = ANSWERS.filter((field) => field in this.#doc);
    for (const field of asked) delete this.#doc[field];
    return asked.length > 0;
  }

  // Withdraws the offer; returns whether there was one.
  clear() {
    if (!this.#doc.beesender_offers) return false;
    for (const field of FIELDS) this.#doc[field] = "";
    this.#forgetAnswers();
    this.#doc.beesender_offers = "";
    return true;
  }

  // What is offered, for radio buttons: [value, title, meaning] each. Without what it
  // promises: a deadline moves with the clock, and does not make another offer.
  get offered() {
    const { priorities, affected } = this.category;
    return {
      categories: this.#categories.map(({ name, label, meaning }) => [
        name,
        label,
        meaning,
      ]),
      priorities: priorities.map(({ code, meaning }) => [code, code, meaning]),
      affected: (affected ?? []).map(({ value, label }) => [value, label]),
    };
  }
}
