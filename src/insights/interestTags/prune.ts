import { logShares, type RefineOptions, refineShares, softmaxInto, type View } from './mixture';

/** Iterations after each removal, in which the remaining tags take over the removed tag's items. */
const iterationsBetween = 4;

/** Returns an item's strongest tag, and its margin over the second. */
function leadOf(
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

/** Returns the mean margin between an item's first and second tag, in nats. */
export function meanMargin(logs: Float64Array, tags: number): number {
  if (tags < 2) return 0;
  let sum = 0;
  for (let start = 0; start < logs.length; start += tags) sum += leadOf(logs, start, tags).margin;
  return (sum * tags) / logs.length;
}

/** Returns the tag whose removal costs remaining: the sum of its items' margins over their second tags is smallest. */
function cheapestToRemove(logs: Float64Array, tags: number): number {
  const losses = new Float64Array(tags);
  for (let start = 0; start < logs.length; start += tags) {
    const { first, margin } = leadOf(logs, start, tags);
    losses[first] += margin;
  }
  return losses.indexOf(Math.min(...losses));
}

/** Returns the shares without one tag. */
function without(logs: Float64Array, tags: number, removed: number): Float32Array {
  const left = new Float64Array((logs.length / tags) * (tags - 1));
  for (let start = 0, to = 0; start < logs.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) if (tag !== removed) left[to++] = logs[start + tag];
  }
  const shares = new Float32Array(left.length);
  for (let start = 0; start < left.length; start += tags - 1) softmaxInto(left, start, tags - 1, shares);
  return shares;
}

/**
 * Removes tags one by one, the cheapest first, until `remaining` are left; the others take over its items. (After
 * Figueiredo & Jain 2002, "Unsupervised learning of finite mixture models", who remove the weakest.) With many tags at
 * first, small groups of items find their words before they could be merged into large ones.
 *
 * @returns [items × remaining]
 */
export async function pruneTags(
  views: readonly View[],
  shares: Float32Array,
  options: RefineOptions,
  remaining: number,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  let left = shares;
  for (let tags = options.tags; tags > remaining; tags--) {
    const logs = logShares(views, left, { ...options, tags });
    const start = without(logs, tags, cheapestToRemove(logs, tags));
    left = await refineShares(
      views,
      start,
      { ...options, tags: tags - 1, iterations: iterationsBetween },
      onPass,
    );
  }
  return left;
}
