// A request was sent: its number, and what is promised.
import { element } from "../shared/dom.js";
import { instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";
import { button, heading, icon } from "./parts.js";
import { requestView } from "./request.js";

export function doneView(widget, { ticket, sentence, response_due, explanation }) {
  const { page, labels } = widget;
  const due =
    response_due && fill(labels.due, instantInWords(response_due, page.language));
  const node = element(
    "div",
    { class: "stack" },
    element("span", { class: "done-mark" }, icon("done")),
    heading(labels.registered),
    ticket && element("p", { class: "number" }, ticket),
    element(
      "div",
      { class: "promise" },
      due && element("strong", {}, due),
      element("span", {}, sentence),
    ),
    explanation && element("p", { class: "hint" }, explanation),
    element("p", {}, labels.by_mail_too),
    ticket &&
      button("main", labels.show_request, () => widget.open(ticket, requestView)),
  );
  return { node, back: () => widget.home() };
}
