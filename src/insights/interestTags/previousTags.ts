// The tags whose ids a training may reuse: those of the previous artifact, and those that it kept although its training
// missed them. So a tag that one training misses gets its old id when a later one finds it again.

import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { damagedTags, tagsFromArtifact } from './arrays';
import { maxTagsPerItem } from './learned';
import type { PreviousTag } from './stableIds';

/** A tag of an earlier training, which the latest ones may have missed. */
export interface MissedTag extends PreviousTag {
  /** Whether it has children. */
  readonly isWider: boolean;
  /** Number of trainings in a row that missed it; 0 for a tag of the previous artifact. */
  readonly missed: number;
}

/** A tag is dropped when more trainings in a row missed it. */
const maxMissed = 5;

/** Returns the tags whose ids may be reused; none without an artifact. @throws {GatewayError} ARTIFACT_DAMAGED */
export function previousTags(previous: Artifact | undefined): readonly MissedTag[] {
  if (previous === undefined) return [];
  const { learned, products } = tagsFromArtifact(previous);
  const { tags, leaves, productTags } = learned;
  const sets = tags.map(({ id }, at) => ({
    id,
    products: new Set<string>(),
    isWider: at >= leaves,
    missed: 0,
  }));
  const rows = new Map(tags.map(({ id }, at) => [id, at]));
  for (let row = 0; row < products.size; row++) {
    const leaf = productTags[row * maxTagsPerItem];
    if (leaf < 0) continue;
    const id = products.idOf(row);
    sets[leaf].products.add(id);
    const parent = tags[leaf].parentId;
    if (parent !== null) sets[rows.get(parent) ?? leaf].products.add(id);
  }
  return [...sets, ...missedTagsFrom(previous)];
}

/** Returns the tags to keep although this training missed them. @param ids - of the tags that it found */
export function missedTags(previous: readonly MissedTag[], ids: Iterable<string>): readonly MissedTag[] {
  const found = new Set(ids);
  return previous
    .filter(({ id, missed }) => !found.has(id) && missed < maxMissed)
    .map(tag => ({ ...tag, missed: tag.missed + 1 }));
}

/** Returns missed tags as an array of an artifact. */
export const missedTagsArray = (resting: readonly MissedTag[]): ArtifactArray =>
  new TextEncoder().encode(
    JSON.stringify(resting.map(tag => ({ ...tag, products: [...tag.products].sort() }))),
  );

function missedTagOf(value: unknown): MissedTag {
  const { id, products, isWider, missed } = Object(value) as Partial<Record<keyof MissedTag, unknown>>;
  const isRight = typeof id === 'string' && typeof isWider === 'boolean' && typeof missed === 'number';
  if (!isRight || !Array.isArray(products)) throw damagedTags('resting tags');
  return { id, isWider, missed, products: new Set(products.map(String)) };
}

/**
 * Returns the tags that an artifact keeps although its training did not find them; none from an artifact without the array
 * (older versions wrote none).
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function missedTagsFrom(artifact: Artifact): readonly MissedTag[] {
  if (!artifact.arrays.has('resting')) return [];
  const bytes = arrayOf(artifact, 'resting', Uint8Array, null);
  const parsed = parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(parsed)) throw damagedTags('resting tags');
  return parsed.map(missedTagOf);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damagedTags('resting tags in JSON');
  }
}
