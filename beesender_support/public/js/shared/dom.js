// Elements of a page. Text is always added as text, never as HTML: names and reasons
// come from people.

// `attributes` are those of HTML: true is one without a value; false, null and
// undefined are omitted. Children may be in lists; empty ones are skipped.
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

// Added once, however often it is called; a tab that outlives an upgrade gets the new
// ones.
export function useStyles(name, styles) {
  const present = document.querySelector(`style[data-beesender="${name}"]`);
  if (!present)
    document.head.append(element("style", { "data-beesender": name }, styles));
  else if (present.textContent !== styles) present.textContent = styles;
}

// The words of a message in HTML.
export function textOf(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}
