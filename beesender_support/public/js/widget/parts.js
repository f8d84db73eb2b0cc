// Elements that several views of the widget have.
import { element } from "../shared/dom.js";
import { describe } from "../shared/forms.js";
import { asLocalInput, instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";
import { asSent, sorted } from "./files.js";

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  chat: "M21 12a8 8 0 0 1-8 8H4l2.2-3.2A8 8 0 1 1 21 12Z",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  done: "M5 13l5 5L20 7",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5",
};

let lastId = 0;

export function idOf(name) {
  lastId += 1;
  return `${name}-${lastId}`;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function button(kind, words, onClick, attributes = {}) {
  const node = element("button", { type: "button", class: kind, ...attributes }, words);
  node.addEventListener("click", onClick);
  return node;
}

export function heading(words) {
  return element("h2", { tabindex: "-1" }, words);
}

// A label, its input, a hint and a place for what is wrong. `complain(words)` says it
// there, `complain("")` takes it back.
export function field(input, { label, hint }) {
  const id = idOf("field");
  input.id = id;
  const error = element("p", { class: "error", id: `${id}-error`, role: "alert" });
  const told = hint && element("p", { class: "hint", id: `${id}-hint` }, hint);
  if (told) describe(input, told.id);
  const node = element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    told,
    input,
    error,
  );
  const complain = (words) => {
    error.textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    describe(input, error.id, Boolean(words));
  };
  input.addEventListener("input", () => complain(""));
  return { node, input, label, complain };
}

// Radio buttons; `options` are `{ value, label, hint }`.
export function choices(legend, name, options, chosen, onChoice, isInARow = false) {
  const radios = options.map(({ value, label, hint }) => {
    const id = idOf("choice");
    const input = element("input", {
      type: "radio",
      name,
      value,
      checked: value === chosen,
      "aria-labelledby": `${id}-label`,
      "aria-describedby": hint ? `${id}-hint` : null,
    });
    input.addEventListener("change", () => onChoice(value));
    return element(
      "label",
      { class: "choice" },
      input,
      element("span", { id: `${id}-label` }, label),
      hint && element("span", { class: "hint", id: `${id}-hint` }, hint),
    );
  });
  return element(
    "fieldset",
    { class: isInARow ? "in-a-row" : null },
    element("legend", {}, legend),
    element("div", { class: "choices" }, radios),
  );
}

// Where something stands that is read anew from time to time; `show(node)` puts it there,
// and null takes it away.
export function placeFor(node) {
  const place = element("div", { class: "place" }, node);
  const show = (next) => place.replaceChildren(...[next].filter(Boolean));
  return { node: place, show };
}

// Whether support is open, in the words of the site, and in the reader's own time where
// that is another.
export function openingOf(opening, { labels, language }) {
  if (!opening) return null;
  const { change, change_local, is_open, sentence } = opening;
  const isElsewhere = change && asLocalInput(new Date(change)) !== change_local;
  const here =
    isElsewhere && ` (${fill(labels.opens, instantInWords(change, language))})`;
  return element(
    "p",
    { class: is_open ? "opening is-open" : "opening" },
    element("span", {}, sentence, here),
  );
}

// Files to send: a button, a list, and what is wrong with one. `lost` are names of files
// that were chosen before the page was loaded, which no browser keeps; `onChange(names)` is
// told of those that are there.
export function filesOf({ labels, files }, lost = [], onChange = () => {}) {
  let taken = [];
  const list = element("ul", { class: "files" });
  const error = element("p", { class: "error", role: "alert" });
  const input = element("input", {
    type: "file",
    multiple: true,
    class: "unseen",
    tabindex: "-1",
    "aria-hidden": "true",
    accept: files.types.map((type) => `.${type}`).join(","),
  });
  const add = button("quiet", labels.add_files, () => input.click());
  input.addEventListener("change", () => {
    const { added, refused } = sorted(input.files, taken, files);
    const reasons = refused.map(([label, ...values]) => fill(labels[label], ...values));
    error.textContent = [...new Set(reasons)].join(" ");
    input.value = "";
    keep([...taken, ...added]);
  });

  function keep(next) {
    taken = next;
    forgotten?.remove();
    onChange(taken.map(({ name }) => name));
    list.replaceChildren(...taken.map(rowOf));
  }

  function rowOf(file) {
    const words = fill(labels.remove, file.name);
    const remove = button(
      "plain",
      icon("close"),
      () => {
        keep(taken.filter((each) => each !== file));
        add.focus();
      },
      { "aria-label": words },
    );
    return element("li", {}, element("span", { class: "name" }, file.name), remove);
  }

  const forgotten = lost.length
    ? element("p", { class: "hint" }, fill(labels.files_lost, lost.join(", ")))
    : null;
  const node = element(
    "div",
    { class: "field", role: "group", "aria-label": labels.files },
    element("span", { class: "caption" }, labels.files),
    element(
      "span",
      { class: "hint" },
      fill(labels.files_hint, files.most, files.megabytes, files.megabytes_of_all),
    ),
    forgotten,
    list,
    element("div", { class: "row" }, add),
    input,
    error,
  );
  return {
    node,
    chosen: () => taken,
    // Those that were chosen since stay.
    drop: (sent) => keep(taken.filter((each) => !sent.includes(each))),
  };
}

export function filesAsSent(files) {
  return Promise.all(files.map(asSent));
}

// Says that something is under way, and lets nothing begin twice.
export function busy(node, words) {
  const before = node.textContent;
  node.setAttribute("aria-disabled", "true");
  node.textContent = words;
  return () => {
    node.removeAttribute("aria-disabled");
    node.textContent = before;
  };
}
