/** Remembers what a look at a document or operation found, for as long as that is cached. */
export function perNode<Node extends object, Value>(look: (node: Node) => Value): (node: Node) => Value {
  const found = new WeakMap<Node, Value>();
  return node => {
    const known = found.get(node);
    if (known !== undefined) return known;
    const value = look(node);
    found.set(node, value);
    return value;
  };
}
