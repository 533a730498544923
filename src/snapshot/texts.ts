import { byCodeUnits } from '../numeric/byCodeUnits';
import { type TextColumns, textKinds } from './snapshot';
import type { Vocabulary } from './vocabulary';

/** A text of one shopper, as input of a builder. */
export interface ShopperText {
  readonly kind: (typeof textKinds)[number];
  readonly userId: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
}

/**
 * Returns texts by the rows of a vocabulary, sorted by user row, time, kind, then the text itself: the same for the same
 * texts in any order. Texts of shoppers without a row (without events) and texts after `asOf` are left out. Returns
 * undefined when none is left.
 */
export function textColumnsOf(
  given: readonly ShopperText[],
  users: Vocabulary,
  asOf: number,
): TextColumns | undefined {
  const rows = given
    .map(text => ({ ...text, row: users.rowOf(text.userId), code: textKinds.indexOf(text.kind) }))
    .filter(({ row, occurredAt }) => row >= 0 && occurredAt <= asOf)
    .sort(
      (a, b) =>
        a.row - b.row || a.occurredAt - b.occurredAt || a.code - b.code || byCodeUnits(a.text, b.text),
    );
  if (rows.length === 0) return undefined;
  return Object.freeze({
    length: rows.length,
    kind: Uint8Array.from(rows, ({ code }) => code),
    userRow: Uint32Array.from(rows, ({ row }) => row),
    occurredAt: Float64Array.from(rows, ({ occurredAt }) => occurredAt),
    texts: rows.map(({ text }) => text),
  });
}
