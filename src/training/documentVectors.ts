import type { NeedsCard } from '../learning/needs';
import type { ProductDocument, Snapshot } from '../snapshot/snapshot';
import type { DocumentEncoder } from '../store/ports/documentEncoder';

/** Returns the text to encode for a product; empty without a description. */
function documentText({ titles, categoryPath, descriptions, features }: ProductDocument): string {
  const parts = [titles.join(' / '), categoryPath.join(' > '), descriptions.join('\n'), features.join(', ')];
  return parts.filter(part => part.trim() !== '').join('\n');
}

async function digestWith(digest: string, name: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${digest} encoded by ${name}`);
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/**
 * Returns the snapshot with a vector for every described product, zeros for the others. Its digest includes the name of the
 * encoder, because another encoder is a reason to train again. A snapshot without documents is returned unchanged.
 *
 * @throws {GatewayError} UNAVAILABLE, ENCODER_INVALID, CANCELLED
 */
export async function withDocumentVectors(
  snapshot: Snapshot,
  encoder: DocumentEncoder,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { documents, digest } = snapshot;
  if (documents === undefined) return snapshot;
  const texts = documents.map(document => (document === null ? '' : documentText(document)));
  const distinct = [...new Set(texts)].filter(text => text !== '');
  const { dimensions, rows: found } = await encoder.encode(distinct, signal);
  if (dimensions === 0) return snapshot;
  const places = new Map(distinct.map((text, place) => [text, place]));
  const rows = new Float32Array(texts.length * dimensions);
  for (const [row, text] of texts.entries()) {
    const place = places.get(text);
    if (place !== undefined)
      rows.set(found.subarray(place * dimensions, (place + 1) * dimensions), row * dimensions);
  }
  return Object.freeze({
    ...snapshot,
    documentVectors: { dimensions, rows },
    digest: await digestWith(digest, encoder.name),
  });
}

/** Where a model's snapshot comes from. */
export interface SnapshotSource {
  readonly read: () => Promise<Snapshot>;
  /** Returns null where no encoder is configured. Called only for a card that uses vectors. */
  readonly openEncoder: () => Promise<DocumentEncoder | null>;
}

/**
 * Reads the snapshot for a model or an insight: with vectors when its card uses them and an encoder is configured. Others
 * neither wait for the encoder nor fail with it.
 *
 * @throws {GatewayError} UNAVAILABLE, ENCODER_INVALID, CANCELLED
 */
export async function readSnapshotFor(
  card: NeedsCard,
  { read, openEncoder }: SnapshotSource,
  signal: AbortSignal,
): Promise<Snapshot> {
  const snapshot = await read();
  const encoder = card.needs.documentVectors === true ? await openEncoder() : null;
  return encoder === null ? snapshot : withDocumentVectors(snapshot, encoder, signal);
}
