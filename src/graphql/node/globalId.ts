/** A decoded global id. */
export interface GlobalId {
  /** Name of the object type. */
  readonly kind: string;
  /** Id in the shop's own system. */
  readonly id: string;
}

const maxGlobalIdLength = 2048;

/** Returns an opaque id that is unique over all kinds of one shop. The shop itself follows from the caller. */
export const toGlobalId = (kind: string, id: string): string =>
  Buffer.from(`${kind}:${id}`).toString('base64url');

/** Returns null unless {@link toGlobalId} made the id. The kind may be unknown. */
export function parseGlobalId(globalId: string): GlobalId | null {
  if (globalId.length > maxGlobalIdLength) return null;
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const id = text.slice(colon + 1);
  if (kind === '' || id === '' || toGlobalId(kind, id) !== globalId) return null;
  return { kind, id };
}
