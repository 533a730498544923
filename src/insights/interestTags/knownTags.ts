// The tags that ids are taken from: those of the training before, and those that rest, which it did not find but one of the
// few before it did. So that a tag that one training misses comes back as itself.

import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { damagedTags, tagsFromArtifact } from './arrays';
import { mostTagsOfOne } from './learned';
import type { KnownTag } from './stableIds';

/** A tag that trainings did not find. */
export interface RestingTag extends KnownTag {
  /** Whether it had children. */
  readonly isWider: boolean;
  /** Trainings that missed it, one after the other. */
  readonly missed: number;
}

/** Trainings in a row that may miss a tag; after one more it is forgotten. */
const mostMissed = 5;

/** Tags with what tells them again, from an artifact: none without one. */
export function knownTags(previous: Artifact | undefined): readonly RestingTag[] {
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
    const leaf = productTags[row * mostTagsOfOne];
    if (leaf < 0) continue;
    const id = products.idOf(row);
    sets[leaf].products.add(id);
    const parent = tags[leaf].parentId;
    if (parent !== null) sets[rows.get(parent) ?? leaf].products.add(id);
  }
  return [...sets, ...restingFrom(previous)];
}

/** Those of the known tags that rest from now on: no tag has their id, and not too many trainings missed them. */
export function restingTags(known: readonly RestingTag[], ids: Iterable<string>): readonly RestingTag[] {
  const found = new Set(ids);
  return known
    .filter(({ id, missed }) => !found.has(id) && missed < mostMissed)
    .map(tag => ({ ...tag, missed: tag.missed + 1 }));
}

/** As an artifact's array. */
export const restingArray = (resting: readonly RestingTag[]): ArtifactArray =>
  new TextEncoder().encode(
    JSON.stringify(resting.map(tag => ({ ...tag, products: [...tag.products].sort() }))),
  );

function restingOf(value: unknown): RestingTag {
  const { id, products, isWider, missed } = Object(value) as Partial<Record<keyof RestingTag, unknown>>;
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
export function restingFrom(artifact: Artifact): readonly RestingTag[] {
  if (!artifact.arrays.has('resting')) return [];
  const bytes = arrayOf(artifact, 'resting', Uint8Array, null);
  const parsed = parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(parsed)) throw damagedTags('resting tags');
  return parsed.map(restingOf);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damagedTags('resting tags in JSON');
  }
}
