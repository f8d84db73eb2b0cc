// A new request: what it is about, how urgent, the description by questions, files and
// access details, and what is promised before anything is sent.
import { RequestChoice } from "../helpdesk/request/choice.js";
import { element } from "../shared/dom.js";
import { isBusy } from "../shared/forms.js";
import { instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";
import { described } from "./description.js";
import { doneView } from "./done.js";
import {
  busy,
  choices,
  field,
  filesAsSent,
  filesOf,
  heading,
  placeFor,
} from "./parts.js";
import { idOfSent, newDraft, newKey } from "./store.js";

const MINUTE = 60_000;

export function composeView(widget, offered) {
  const { page, labels, server, store } = widget;
  const words = offered.labels;
  const draft = store.draft ?? newDraft();
  let offer = offered;
  let choice = null;
  let drawn = "";

  const keep = () => {
    store.draft = draft;
  };
  const chosen = element("div", { class: "stack" });
  const written = element("div", { class: "stack" });
  const promise = element("div", { class: "promise", role: "status" });
  const said = placeFor();
  const subject = typed("input", "subject", {
    label: labels.subject,
    hint: labels.subject_hint,
  });
  const files = filesOf(page, draft.files, (names) => {
    draft.files = names;
    keep();
  });
  const details = field(
    element("textarea", { class: "details", maxlength: "10000", autocomplete: "off" }),
    { label: words.details_summary, hint: words.details_hint },
  );
  // Stands for the access details where they count: no hash of them goes anywhere.
  let edition = newKey();
  details.input.addEventListener("input", () => {
    edition = newKey();
  });
  let fields = [];
  let questions = [];

  function typed(tag, name, about) {
    const attributes =
      tag === "input" ? { type: "text", maxlength: "140" } : { maxlength: "50000" };
    const made = field(element(tag, attributes), about);
    made.input.value = draft[name];
    made.input.addEventListener("input", () => {
      draft[name] = made.input.value;
      keep();
    });
    return made;
  }

  function answerTo(question) {
    const made = field(element("textarea", { maxlength: "10000" }), {
      label: question,
    });
    made.input.value = draft.answers[question] ?? "";
    made.input.addEventListener("input", () => {
      draft.answers[question] = made.input.value;
      keep();
    });
    return made;
  }

  // A choice that is offered no more becomes the usual one, also in the draft that is kept:
  // that is compared with what was sent. One that another page wrote stays as it is.
  function useOffer(fresh) {
    const isKept = JSON.stringify(store.draft) === JSON.stringify(draft);
    offer = fresh;
    if (!offer.categories.length) choice = null;
    else choice ??= new RequestChoice(draft.chosen);
    choice?.offer(offer);
    if (isKept) keep();
    said.show(offer.said && element("p", { class: "promise" }, offer.said));
  }

  // Deadlines move with the clock. What was typed stays, and so does the focus; nobody is
  // told again each minute. Where the proof is over it is asked for when this is sent, not
  // in the middle of a word.
  async function renew() {
    const fresh = await server.call("new_request").catch(() => null);
    // What is being sent stays what it is until there is an answer.
    if (!fresh || isBusy(submit)) return;
    useOffer(fresh);
    promise.setAttribute("aria-live", "off");
    draw();
  }

  function drawChoices() {
    const next = JSON.stringify(
      choice && [choice.offered, choice.asksWayRound, draft.chosen],
    );
    if (next === drawn) return;
    drawn = next;
    if (!choice) return chosen.replaceChildren();
    const focused = chosen.querySelector("input:focus");
    const about = choices(
      words.category,
      "category",
      offer.categories.map(({ name, label, meaning }) => ({
        value: name,
        label,
        hint: meaning,
      })),
      draft.chosen.ticket_type,
      then((name) => choice.chooseCategory(name)),
    );
    chosen.replaceChildren(about, ...(choice.isAsked ? impacts() : [priorities()]));
    if (focused) radio(focused.name, focused.value)?.focus();
  }

  // Focus stays on what was chosen, while everything else may change.
  function then(choose) {
    return (value) => {
      choose(value);
      keep();
      promise.setAttribute("aria-live", "polite");
      draw();
    };
  }

  function radio(name, value) {
    const radios = [...chosen.querySelectorAll("input")];
    return radios.find((each) => each.name === name && each.value === value);
  }

  function priorities() {
    return choices(
      words.priority,
      "priority",
      choice.category.priorities.map(({ code, meaning }) => ({
        value: code,
        label: code,
        hint: meaning,
      })),
      draft.chosen.beesender_priority,
      then((code) => choice.choosePriority(code)),
    );
  }

  function impacts() {
    const affected = choices(
      words.affected,
      "affected",
      choice.category.affected.map(({ value, label }) => ({ value, label })),
      draft.chosen.beesender_affected,
      then((value) => choice.chooseAffected(value)),
    );
    if (!choice.asksWayRound) return [affected];
    const options = [
      { value: "Yes", label: words.yes },
      { value: "No", label: words.no },
    ];
    const wayRound = choices(
      words.way_round,
      "way-round",
      options,
      draft.chosen.beesender_way_round,
      then((value) => choice.chooseWayRound(value)),
      true,
    );
    return [affected, wayRound];
  }

  function drawPromise() {
    const priority = choice?.priority;
    if (!priority) {
      const isOpen =
        choice?.isAsked && choice.category.priorities.some(({ due }) => due);
      return promise.replaceChildren(isOpen ? words.unanswered : "");
    }
    const by = (due, sentence) =>
      due && element("strong", {}, fill(sentence, instantInWords(due, page.language)));
    const further = priority.further ?? [];
    const lines = [
      by(priority.due, words.answer_by),
      priority.promise && element("span", {}, priority.promise),
      ...further.flatMap((each) => [
        each.by && by(each.due, each.by),
        element("span", {}, each.promise),
      ]),
    ].filter(Boolean);
    promise.replaceChildren(...lines);
  }

  // Questions belong to the category; what was answered stays.
  function drawWritten() {
    const asked = choice ? (offer.questions[choice.category.name] ?? []) : [];
    const isDrawn =
      fields.length && JSON.stringify(asked) === JSON.stringify(questions);
    if (isDrawn) return;
    questions = asked;
    fields = questions.length
      ? questions.map(answerTo)
      : [typed("textarea", "description", { label: labels.description })];
    written.replaceChildren(...fields.map(({ node }) => node));
  }

  function draw() {
    drawChoices();
    drawPromise();
    drawWritten();
  }

  useOffer(offered);
  draw();
  const submit = element("button", { type: "submit", class: "main" }, labels.send);
  const form = element(
    "form",
    { class: "stack", novalidate: true },
    chosen,
    promise,
    subject.node,
    written,
    element("p", { class: "hint" }, words.no_passwords),
    files.node,
    element("details", {}, element("summary", {}, words.details_summary), details.node),
    said.node,
    submit,
  );
  details.node.querySelector("label").classList.add("unseen");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(submit) || lacks()) return;
    const done = busy(submit, labels.sending);
    const sent = JSON.stringify(draft);
    try {
      const answer = await server.call("register", await asSent());
      // What was changed meanwhile is another request.
      if (JSON.stringify(store.draft) === sent) store.draft = null;
      if (widget.isShown(view)) widget.show(doneView(widget, answer));
      else widget.say(labels.registered);
    } catch (fault) {
      widget.complain(fault, { subject, description: fields[0], secret: details });
    } finally {
      done();
    }
  });

  // Says what is missing, at its place, and goes to the first of it.
  function lacks() {
    const description = described(questions, draft);
    const missing = [
      !draft.subject.trim() && subject,
      !description && fields[0],
    ].filter(Boolean);
    for (const each of missing) each.complain(fill(labels.needed, each.label));
    if (missing.length) {
      missing[0].input.focus();
    }
    const open = !missing.length && choice?.openQuestion;
    if (open) {
      widget.alert(words.unanswered);
      chosen.querySelector(`[name=${open}]`)?.focus();
    }
    return missing.length > 0 || Boolean(open);
  }

  async function asSent() {
    const { ticket_type, beesender_priority, beesender_affected, beesender_way_round } =
      draft.chosen;
    const rated = choice?.isAsked
      ? {
          affected: beesender_affected || undefined,
          way_round: choice.asksWayRound ? beesender_way_round === "Yes" : undefined,
        }
      : { priority: beesender_priority || undefined };
    const secret = details.input.value.trim() || undefined;
    const sent = {
      subject: draft.subject.trim(),
      description: described(questions, draft),
      category: choice ? ticket_type : undefined,
      ...(choice ? rated : {}),
      attachments: await filesAsSent(files.chosen()),
    };
    const id = idOfSent(draft.key, { ...sent, edition: secret && edition });
    return { external_id: id, ...sent, secret };
  }

  const view = {
    node: element("div", { class: "stack" }, heading(labels.new_request), form),
    back: () => widget.home(),
    every: [MINUTE, renew],
  };
  return view;
}
