// Answers of support that somebody has not seen yet. `seen` says of each request which was
// the last one shown; it is null until a first list was.
import { element } from "../shared/dom.js";
import { fill } from "../shared/sentences.js";

export function isUnseen({ ticket, answered }, seen) {
  return Boolean(answered && seen) && answered > (seen[ticket] ?? "");
}

// What `seen` is once a list was read: of those in it, and of the first list everything.
export function seenIn(requests, seen) {
  const kept = requests.map(({ ticket, answered }) => [
    ticket,
    seen ? seen[ticket] : answered,
  ]);
  return Object.fromEntries(kept.filter(([, answered]) => answered));
}

// How many there are, on the button that opens the widget.
export function badgeOf({ labels, store }) {
  const count = element("span", { class: "badge", "aria-hidden": "true" });
  const words = element("span", { class: "unseen" });
  let requests = [];

  function draw() {
    const { length } = requests.filter((each) => isUnseen(each, store.seen));
    count.hidden = !length;
    count.textContent = length;
    words.textContent = length ? fill(labels.new_answers, length) : "";
  }

  function show(read) {
    requests = read;
    store.seen = seenIn(requests, store.seen);
    draw();
  }

  // What was read is of nobody any more; what was seen stays.
  function forget() {
    requests = [];
    draw();
  }

  draw();
  return { nodes: [count, words], show, draw, forget };
}
