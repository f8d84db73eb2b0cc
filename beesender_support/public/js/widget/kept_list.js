// A list that is drawn again and again: what has not changed stays where it is, with the
// focus in it, a selection and the place where a screen reader is.

// `draw(items)` shows them in `list`; each has an `id`, and `make(item)` makes its node.
export function keptList(list, make) {
  let drawn = new Map();

  return function draw(items) {
    const next = new Map();
    for (const item of items) {
      const said = JSON.stringify(item);
      const before = drawn.get(item.id);
      next.set(item.id, before?.said === said ? before : { said, node: make(item) });
    }
    for (const [id, { node }] of drawn) {
      if (next.get(id)?.node !== node) node.remove();
    }
    // A node that is moved loses the focus, so others are put before it.
    [...next.values()].forEach(({ node }, index) => {
      const there = list.children[index] ?? null;
      if (there !== node) list.insertBefore(node, there);
    });
    drawn = next;
  };
}
