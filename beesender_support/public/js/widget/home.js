// Where somebody who is signed in begins: a new request, or one of the last.
import { element } from "../shared/dom.js";
import { instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";
import { composeView } from "./compose.js";
import { keptList } from "./kept_list.js";
import { button, heading, openingOf, placeFor } from "./parts.js";
import { requestView } from "./request.js";
import { isUnseen } from "./unseen.js";

const MINUTE = 60_000;

// What the view shows, as the site has it now.
export async function readHome({ server, badge }) {
  const [offer, requests] = await Promise.all([
    server.call("new_request"),
    server.call("last_requests"),
  ]);
  badge.show(requests);
  return { offer, requests };
}

export function homeView(widget, shown) {
  const { page, labels, store } = widget;
  let { offer } = shown;
  const begin = button("main", labels.new_request, () =>
    widget.show(composeView(widget, offer)),
  );
  const opening = placeFor();
  const said = placeFor();
  const list = element("ul", { class: "requests" });
  const drawRequests = keptList(list, itemOf);
  const none = element("p", { class: "muted" }, labels.no_requests);
  const parts = [
    heading(page.greeting),
    opening.node,
    said.node,
    begin,
    store.draft && element("p", { class: "hint" }, labels.draft_kept),
    element("h3", {}, labels.your_requests),
    list,
    none,
    element(
      "div",
      { class: "row spread hint" },
      element("span", {}, fill(labels.signed_in, offer.address)),
      button("link", labels.sign_out, () => widget.signOut()),
    ),
  ];

  function draw(requests) {
    opening.show(openingOf(offer.opening ?? page.opening, page));
    said.show(offer.said && element("p", { class: "promise" }, offer.said));
    begin.hidden = !offer.is_taken;
    drawRequests(requests.map(asDrawn));
    list.hidden = !requests.length;
    none.hidden = requests.length > 0;
  }

  async function renew() {
    const fresh = await readHome(widget);
    offer = fresh.offer;
    draw(fresh.requests);
  }

  function asDrawn(request) {
    const is_new = isUnseen(request, store.seen);
    return { id: request.ticket, is_new, ...request };
  }

  function itemOf({ ticket, subject, status, changed, is_new }) {
    const open = button(
      "request",
      [
        element("span", { class: "subject" }, subject),
        is_new && element("strong", { class: "new" }, labels.answered),
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

  draw(shown.requests);
  return { node: element("div", { class: "stack" }, parts), every: [MINUTE, renew] };
}
