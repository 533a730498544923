import { logShares, type RefineOptions, refineShares, softmaxInto, type View } from './mixture';

/** Passes in which the tags left share out what a tag that went had. */
const passesBetween = 4;

/** The two strongest of one thing: which is first, and by how much. */
function lead(
  logs: Float64Array,
  start: number,
  tags: number,
): { readonly first: number; readonly margin: number } {
  let first = 0;
  let second = Number.NEGATIVE_INFINITY;
  for (let tag = 1; tag < tags; tag++) {
    const value = logs[start + tag];
    if (value > logs[start + first]) {
      second = logs[start + first];
      first = tag;
    } else if (value > second) second = value;
  }
  return { first, margin: logs[start + first] - second };
}

/** Mean lead of a thing's first tag over its second, in nats. */
export function meanMargin(logs: Float64Array, tags: number): number {
  if (tags < 2) return 0;
  let sum = 0;
  for (let start = 0; start < logs.length; start += tags) sum += lead(logs, start, tags).margin;
  return (sum * tags) / logs.length;
}

/** The tag that would be missed least: whose things lose least, in all, by going to their next best. */
function leastMissed(logs: Float64Array, tags: number): number {
  const losses = new Float64Array(tags);
  for (let start = 0; start < logs.length; start += tags) {
    const { first, margin } = lead(logs, start, tags);
    losses[first] += margin;
  }
  return losses.indexOf(Math.min(...losses));
}

/** Shares without one tag. */
function without(logs: Float64Array, tags: number, gone: number): Float32Array {
  const left = new Float64Array((logs.length / tags) * (tags - 1));
  for (let start = 0, to = 0; start < logs.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) if (tag !== gone) left[to++] = logs[start + tag];
  }
  const shares = new Float32Array(left.length);
  for (let start = 0; start < left.length; start += tags - 1) softmaxInto(left, start, tags - 1, shares);
  return shares;
}

/**
 * Lets tags go one by one until `least` are left, the one least missed first, the others sharing out what it had
 * (after Figueiredo & Jain 2002, "Unsupervised learning of finite mixture models", who let the weakest go): small groups
 * find their words while there are many tags, and are not swallowed by the first cut.
 *
 * @returns [things × least]
 */
export async function pruneTags(
  views: readonly View[],
  shares: Float32Array,
  options: RefineOptions,
  least: number,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  let left = shares;
  for (let tags = options.tags; tags > least; tags--) {
    const logs = logShares(views, left, { ...options, tags });
    const start = without(logs, tags, leastMissed(logs, tags));
    left = await refineShares(
      views,
      start,
      { ...options, tags: tags - 1, emIterations: passesBetween },
      onPass,
    );
  }
  return left;
}
