// Where somebody who is signed in begins: a new request, or one of the last.
import { element } from "../shared/dom.js";
import { instantInWords } from "../shared/instants.js";
import { composeView } from "./compose.js";
import { button, heading, openingOf } from "./parts.js";
import { requestView } from "./request.js";
import { fill } from "./words.js";

export function homeView(widget, offer, requests) {
  const { page, labels, store } = widget;
  const begin = button("main", labels.new_request, () =>
    widget.show(composeView(widget, offer)),
  );
  const parts = [
    heading(page.greeting),
    openingOf(offer.opening ?? page.opening, page),
    offer.said && element("p", { class: "promise" }, offer.said),
    offer.is_taken && begin,
    store.draft && element("p", { class: "hint" }, labels.draft_kept),
    element("h3", {}, labels.your_requests),
    requests.length
      ? element("ul", { class: "requests" }, requests.map(itemOf))
      : element("p", { class: "muted" }, labels.no_requests),
    element(
      "div",
      { class: "row spread hint" },
      element("span", {}, fill(labels.signed_in, offer.address)),
      button("link", labels.sign_out, () => widget.signOut()),
    ),
  ];

  function itemOf({ ticket, subject, status, changed }) {
    const open = button(
      "request",
      [
        element("span", { class: "subject" }, subject),
        element(
          "span",
          { class: "hint" },
          `${ticket} · ${status} · ${instantInWords(changed, page.language)}`,
        ),
      ],
      () => widget.open(ticket, requestView),
    );
    return element("li", {}, open);
  }

  return { node: element("div", { class: "stack" }, parts) };
}
