/** Caches a result per document or operation, for as long as the document is cached. */
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
