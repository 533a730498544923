/** Interned strings in order of first occurrence. */
export interface Interner {
  readonly ids: readonly string[];
  /** Returns the index of an id; a new id gets the next index. */
  indexOf(id: string): number;
  has(id: string): boolean;
}

/** Returns an interner: every distinct string gets a dense index, in order of first occurrence. */
export function createInterner(): Interner {
  const ids: string[] = [];
  const indices = new Map<string, number>();
  return {
    ids,
    has: id => indices.has(id),
    indexOf(id) {
      const known = indices.get(id);
      if (known !== undefined) return known;
      indices.set(id, ids.length);
      return ids.push(id) - 1;
    },
  };
}

/** Events before they have rows: indices point into tables of ids in input order. */
export interface RawColumns {
  readonly length: number;
  readonly user: Uint32Array;
  readonly product: Uint32Array;
  readonly type: Uint8Array;
  readonly value: Float32Array;
  readonly occurredAt: Float64Array;
  /** Index into session ids, or {@link noSession}. */
  readonly session: Uint32Array;
}

/** Marks an event without a session id. */
export const noSession = 0xffffffff;

/** Returns new columns for this many events, all zero. */
export const rawColumnsOf = (length: number): RawColumns => ({
  length,
  user: new Uint32Array(length),
  product: new Uint32Array(length),
  type: new Uint8Array(length),
  value: new Float32Array(length),
  occurredAt: new Float64Array(length),
  session: new Uint32Array(length),
});

/** Returns the same events with room for `length`. */
export function grownTo(columns: RawColumns, length: number): RawColumns {
  const grown = rawColumnsOf(length);
  grown.user.set(columns.user);
  grown.product.set(columns.product);
  grown.type.set(columns.type);
  grown.value.set(columns.value);
  grown.occurredAt.set(columns.occurredAt);
  grown.session.set(columns.session);
  return grown;
}
