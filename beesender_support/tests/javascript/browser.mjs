// As much of a browser as the widget needs to be drawn where there is none: elements that
// hold their children and words, events, and a place that keeps what is written.

class SmallElement extends EventTarget {
  #attributes = new Map();
  children = [];
  dataset = {};
  hidden = false;
  open = false;
  value = "";

  constructor(tag) {
    super();
    this.tag = tag;
    const classes = new Set();
    this.classList = {
      add: (name) => classes.add(name),
      remove: (name) => classes.delete(name),
      toggle: (name, isOn) => (isOn ? classes.add(name) : classes.delete(name)),
    };
  }

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, String(value));
  }

  removeAttribute(name) {
    this.#attributes.delete(name);
  }

  append(...nodes) {
    this.children.push(...nodes);
  }

  insertBefore(node, there) {
    const place = there ? this.children.indexOf(there) : this.children.length;
    this.children.splice(place, 0, node);
  }

  replaceChildren(...nodes) {
    this.children = nodes;
  }

  get textContent() {
    return this.children.map((child) => child.textContent ?? String(child)).join("");
  }

  set textContent(words) {
    this.children = words === "" ? [] : [words];
  }

  // By a tag; nothing has the focus.
  querySelector(tag) {
    return all(this).find((node) => node.tag === tag) ?? null;
  }

  querySelectorAll(tag) {
    return all(this).filter((node) => node.tag === tag);
  }

  focus() {}

  show() {
    this.open = true;
  }

  close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  }
}

function all(node) {
  const elements = node.children.filter((child) => child instanceof SmallElement);
  return elements.flatMap((child) => [child, ...all(child)]);
}

// A new page, empty and in view.
export function openPage() {
  globalThis.window = new EventTarget();
  globalThis.window.matchMedia = () => ({ matches: false });
  globalThis.document = new EventTarget();
  Object.assign(globalThis.document, {
    hidden: false,
    createElement: (tag) => new SmallElement(tag),
    createElementNS: (_space, tag) => new SmallElement(tag),
  });
  return new SmallElement("body");
}

export function ofClass(node, name) {
  return all(node).find((each) => each.getAttribute("class") === name);
}

export function labelled(node, words) {
  const label = node.querySelectorAll("label").find((each) => {
    return each.textContent === words;
  });
  const id = label.getAttribute("for");
  return all(node).find((each) => each.id === id);
}

export function storage(kept = {}) {
  return {
    kept,
    getItem: (name) => kept[name] ?? null,
    setItem: (name, value) => {
      kept[name] = value;
    },
  };
}
