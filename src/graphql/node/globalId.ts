/** Kinds of things that have a global id. */
const nodeKinds = [
  'Shop',
  'User',
  'Product',
  'RecommendationList',
  'InterestTag',
  'Campaign',
  'TrainingRun',
] as const;
/** One of {@link nodeKinds}. */
export type NodeKind = (typeof nodeKinds)[number];

/** A global id, taken apart. */
export interface GlobalId {
  readonly kind: NodeKind;
  /** The shop's own id. */
  readonly id: string;
}

/** An opaque id that is unique over all kinds of a shop. Which shop it is follows from the caller. */
export const toGlobalId = (kind: NodeKind, id: string): string =>
  Buffer.from(`${kind}:${id}`).toString('base64url');

const isNodeKind = (kind: string): kind is NodeKind => (nodeKinds as readonly string[]).includes(kind);

/** Null when it is not an id that {@link toGlobalId} made. */
export function parseGlobalId(globalId: string): GlobalId | null {
  if (globalId.length > 2048) return null;
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const id = text.slice(colon + 1);
  if (!isNodeKind(kind) || id === '' || toGlobalId(kind, id) !== globalId) return null;
  return { kind, id };
}
