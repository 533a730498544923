import { logShares, type RefineOptions, refineShares, softmaxInto, type View } from './mixture';

/** Iterations after each removal, in which the remaining tags take over the removed tag's items. */
const iterationsBetween = 3;
/** Above so many tags, this share of the tags is removed at once. */
const manyTags = 24;
const shareAtOnce = 0.1;

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

/** Returns tags, the one whose removal costs least first: the cost is the sum of its items' margins over their second tags. */
function cheapestFirst(logs: Float64Array, { tags, weights }: RefineOptions): readonly number[] {
  const losses = new Float64Array(tags);
  for (let start = 0; start < logs.length; start += tags) {
    const { first, margin } = leadOf(logs, start, tags);
    losses[first] += margin * (weights?.[start / tags] ?? 1);
  }
  return [...losses.keys()].sort((a, b) => losses[a] - losses[b] || a - b);
}

/** Returns the shares without some tags. */
function without(logs: Float64Array, tags: number, removed: ReadonlySet<number>): Float32Array {
  const left = tags - removed.size;
  const kept = new Float64Array((logs.length / tags) * left);
  for (let start = 0, to = 0; start < logs.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) if (!removed.has(tag)) kept[to++] = logs[start + tag];
  }
  const shares = new Float32Array(kept.length);
  for (let start = 0; start < kept.length; start += left) softmaxInto(kept, start, left, shares);
  return shares;
}

/**
 * Removes tags, the cheapest first, until `stops[0]` are left; the others take over its items. (After
 * Figueiredo & Jain 2002, "Unsupervised learning of finite mixture models", who remove the weakest.) With many tags at
 * first, small groups of items find their words before they could be merged into large ones.
 *
 * @param stops - numbers of tags that must be reached on the way, ascending
 * @param onTags - called with each number of tags on the way, the first and the last included; may throw to stop
 * @returns [items × stops[0]]
 */
export async function pruneTags(
  views: readonly View[],
  shares: Float32Array,
  options: RefineOptions,
  stops: readonly number[],
  onTags: (tags: number, shares: Float32Array) => Promise<void>,
): Promise<Float32Array> {
  let left = shares;
  let tags = options.tags;
  await onTags(tags, left);
  const nextStop = (): number | undefined => stops.findLast(stop => stop < tags);
  for (let stop = nextStop(); stop !== undefined; stop = nextStop()) {
    const own = { ...options, tags };
    const logs = logShares(views, left, own);
    const atOnce = Math.max(1, Math.min(Math.floor(shareAtOnce * tags), tags - manyTags, tags - stop));
    const start = without(logs, tags, new Set(cheapestFirst(logs, own).slice(0, atOnce)));
    tags -= atOnce;
    left = await refineShares(
      views,
      start,
      { ...options, tags, iterations: iterationsBetween },
      async () => undefined,
    );
    await onTags(tags, left);
  }
  return left;
}
