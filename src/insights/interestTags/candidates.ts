import { sphericalKMeans } from '../../numeric/sphericalKmeans';
import { anchorItems } from './anchors';
import { joinCategories } from './categoryGroups';
import { type Items, withoutRareTokens } from './items';
import { type RefineOptions, refineShares, sharesOfLabels } from './mixture';
import { pruneTags } from './prune';
import { createRotation } from './rotation';
import type { InterestTagsConfig } from './settings';

/** A clustering of items. */
export interface Candidate {
  readonly k: number;
  /** [items × k] */
  readonly shares: Float32Array;
}

/** Shares of `emIterations` that a start is refined with, and a candidate on the way of the pruning. */
const startIterations = 0.4;
const settleIterations = 0.2;
/** Pruning starts with so many tags per wanted one, and with at most so many. */
const startsPerTag = 2.2;
const maxStarts = 40;
/** Fewest items per starting tag. */
const minStartSize = 5;
const meansOptions = { seed: 1, restarts: 1, batchSize: 1024, batches: 20, maxPasses: 20 };

/** Returns a function that clusters items into k groups without chance. More groups than features come from k-means. */
function createStart({
  rows,
  columns,
  weights,
}: Items): (k: number, onPass: () => Promise<void>) => Promise<Float32Array> {
  const rotate = createRotation(rows, columns, weights);
  return async (k, onPass) => {
    if (k <= columns) return sharesOfLabels(await rotate(k, onPass), k);
    const { labels } = await sphericalKMeans(rows, columns, { ...meansOptions, k }, onPass);
    return sharesOfLabels(labels, k);
  };
}

/** Makes candidates of one set of items. */
export interface CandidateMaker {
  /** The rotated principal directions, refined, for each number of tags. For catalogues of distinct kinds. */
  rotated(): Promise<readonly Candidate[]>;
  /**
   * More of these directions, refined and pruned to each number of tags. For long texts, in which words of tone hide the
   * kinds; it takes several times as long. None with too few items or without iterations.
   */
  pruned(): Promise<readonly Candidate[]>;
  /** Items grouped by the words that stand for most of them. For short texts without clear kinds. Fewer where words are short. */
  anchored(): Promise<readonly Candidate[]>;
  /** Categories of items, joined. None without a tree of categories. */
  joined(): Promise<readonly Candidate[]>;
}

/** How a candidate is made. */
export type CandidateKind = keyof CandidateMaker;

/**
 * Clusters items into each number of tags. The same items give the same candidates.
 *
 * @param grid - numbers of tags, ascending, at most the number of items
 * @param onPass - may throw to stop
 */
export function createCandidates(
  all: Items,
  grid: readonly number[],
  { emIterations, specificity: power }: InterestTagsConfig,
  onPass: () => Promise<void>,
): CandidateMaker {
  const items = withoutRareTokens(all);
  const { views, weights } = items;
  // Made when a kind needs it: its principal directions take longer than joining categories.
  let start: ReturnType<typeof createStart> | undefined;
  const optionsOf = (tags: number, share: number): RefineOptions => ({
    tags,
    weights,
    power,
    iterations: Math.ceil(share * emIterations),
  });
  const refine = async (k: number) => {
    start ??= createStart(items);
    return refineShares(views, await start(k, onPass), optionsOf(k, startIterations), onPass);
  };
  return {
    async rotated() {
      const found: Candidate[] = [];
      for (const k of grid) found.push({ k, shares: await refine(k) });
      return found;
    },
    async pruned() {
      const [least, most] = [grid[0], grid[grid.length - 1]];
      const starts = Math.min(
        Math.ceil(startsPerTag * most),
        Math.max(most, maxStarts),
        Math.floor(weights.length / minStartSize),
      );
      const found: Candidate[] = [];
      if (emIterations === 0 || starts <= least) return found;
      const wanted = new Set(grid);
      const onTags = async (k: number, shares: Float32Array): Promise<void> => {
        await onPass();
        if (!wanted.has(k)) return;
        const settled = await refineShares(views, shares, optionsOf(k, settleIterations), onPass);
        found.push({ k, shares: settled });
      };
      await pruneTags(views, await refine(starts), optionsOf(starts, startIterations), grid, onTags);
      return found;
    },
    async joined() {
      await onPass();
      const { categories } = items;
      const found = categories === undefined ? [] : joinCategories(items, categories, grid);
      return found.map(({ k, labels }) => ({ k, shares: sharesOfLabels(labels, k) }));
    },
    async anchored() {
      await onPass();
      return anchorItems(items, grid).map(({ k, labels }) => ({ k, shares: sharesOfLabels(labels, k) }));
    },
  };
}
