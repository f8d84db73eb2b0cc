// Parts of a panel that are drawn anew only if they say something else: whoever uses the
// keyboard stays where they are, and a screen reader is not told the same again.

export class KeptParts {
  #panel;
  #known = new Map();

  constructor(panel) {
    this.#panel = panel;
  }

  // The nodes of a part: those of before, unless `facts` differ from then.
  part(name, facts, build) {
    const says = JSON.stringify(facts);
    const known = this.#known.get(name);
    if (known?.says === says) return known.nodes;
    const nodes = build();
    this.#known.set(name, { says, nodes });
    return nodes;
  }

  // Those that stay are not moved, which would take the focus out of them.
  show(nodes) {
    const panel = this.#panel;
    const focused = panel.contains(document.activeElement)
      ? document.activeElement
      : null;
    for (const each of [...panel.children]) if (!nodes.includes(each)) each.remove();
    for (const [place, node] of nodes.entries()) {
      const present = panel.children[place];
      if (present !== node) panel.insertBefore(node, present ?? null);
    }
    if (focused && document.activeElement !== focused) this.#focus(focused);
  }

  clear() {
    this.#known.clear();
    this.#panel.replaceChildren();
  }

  // What had the focus, or what is in its place now: the same choice, or the one that is
  // chosen where it is no longer offered.
  #focus(node) {
    const others = [
      ...this.#panel.querySelectorAll("input, select, textarea, summary"),
    ];
    const alike = others.filter(
      ({ tagName, name }) => tagName === node.tagName && name === node.name,
    );
    const place = [
      node.isConnected && node,
      alike.find(({ value }) => value === node.value),
      alike.find(({ checked }) => checked),
      alike[0],
    ].find(Boolean);
    place?.focus();
  }
}
