// `affinity evaluate --task tags`: interest tags held against categories that they never saw, beside plain clustering.

import { encodeArtifact } from '../../../../artifact/encode';
import { normalizedInformation, purityOf, vMeasureOf } from '../../../../evaluation/clusterings';
import type { Insight } from '../../../../insights/insight';
import { readInterestTags } from '../../../../insights/interestTags/reader';
import type { InterestTag } from '../../../../insights/interestTags/tags';
import { insightByName } from '../../../../insights/registry';
import { adjustedRand } from '../../../../numeric/adjustedRand';
import type { ThreadPool } from '../../../../numeric/threadPool';
import { type EvaluateOptions, invalid } from '../options';
import { peakMemoryMb, resetPeakMemory } from '../peakMemory';
import { createProgress } from '../progress';
import { readTaggedData, type TaggedData } from './documents';
import { plainClusters } from './plainClusters';

const name = 'interest-tags';
/** Tags whose names are shown. */
const mostShown = 9;

type Surroundings = EvaluateOptions & { readonly threads: ThreadPool; readonly signal: AbortSignal };

/** @throws {GatewayError} EVALUATION_INVALID on --set for something else; BAD_USER_INPUT on a setting there is not */
function insightOf({ set = [], models }: EvaluateOptions): Insight {
  const stray = models?.find(model => model !== name) ?? set.find(({ model }) => model !== name)?.model;
  if (stray !== undefined) throw invalid(`${name} in --models and --set`, stray, 'Correct it.');
  return insightByName(name, Object.fromEntries(set.map(({ setting, value }) => [setting, value])));
}

/** One clustering of the products, and what it cost. */
interface Clustered {
  readonly labels: Int32Array;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

interface TagsLearned extends Clustered {
  readonly leaves: readonly InterestTag[];
  readonly artifactBytes: number;
  readonly coherence: number | string;
  readonly reason: string;
  readonly passed: boolean;
}

async function timed<T>(work: () => Promise<T>) {
  resetPeakMemory();
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000, peakMemoryMb: peakMemoryMb() };
}

async function learnTags(
  insight: Insight,
  { snapshot }: TaggedData,
  { threads, signal }: Surroundings,
  seed: number,
): Promise<TagsLearned> {
  const progress = createProgress(name, process.stderr);
  const onProgress = (done: number, total: number): void => progress.show('training', done, total);
  try {
    const { result, ...cost } = await timed(() =>
      insight.learn(snapshot, { seed, threads, signal, onProgress }),
    );
    const read = readInterestTags(result.artifact);
    const leaves = read.tags.slice(0, Number(result.metrics['tags']));
    const rows = new Map(leaves.map(({ id }, row) => [id, row]));
    const labels = Int32Array.from({ length: snapshot.products.size }, (_, row) => {
      const [first] = read.tagsOfProduct(snapshot.products.idOf(row));
      return first === undefined ? -1 : (rows.get(first.tagId) ?? -1);
    });
    const artifactBytes = (await encodeArtifact(result.artifact)).length;
    return {
      labels,
      leaves,
      artifactBytes,
      coherence: result.metrics['coherence'],
      ...result.verdict,
      ...cost,
    };
  } finally {
    progress.stop();
  }
}

const rounded = (value: number, digits = 6): number => Number(value.toFixed(digits));

/** How clusters stand to the categories; things in no cluster are a cluster of their own. */
function figuresOf(
  { labels, seconds, peakMemoryMb: memory }: Clustered,
  again: Clustered,
  categories: Int32Array,
) {
  const { homogeneity, completeness, vMeasure } = vMeasureOf(labels, categories);
  return {
    nmi: rounded(normalizedInformation(labels, categories)),
    purity: rounded(purityOf(labels, categories)),
    vMeasure: rounded(vMeasure),
    homogeneity: rounded(homogeneity),
    completeness: rounded(completeness),
    ari: rounded(adjustedRand(labels, categories)),
    stability: rounded(adjustedRand(labels, again.labels)),
    seconds: rounded(seconds, 2),
    peakMemoryMb: rounded(memory, 1),
  };
}

const nameOf = ({ names }: InterestTag): string => [names.zh, names.en].filter(Boolean).join(' / ');

function show(lines: readonly Readonly<Record<string, unknown>>[], tags: TagsLearned, isJson: boolean): void {
  if (isJson) {
    for (const line of lines) console.log(JSON.stringify(line));
    return;
  }
  const columns = ['model', 'tags', 'nmi', 'purity', 'vMeasure', 'coherence', 'stability', 'seconds'];
  for (const row of [columns, ...lines.map(line => columns.map(column => String(line[column] ?? '–')))]) {
    console.log(
      row
        .map((cell, at) => cell.padEnd(at === 0 ? 16 : 10))
        .join(' ')
        .trimEnd(),
    );
  }
  console.log(`\n${tags.passed ? 'Passed' : 'Refused'}: ${tags.reason}`);
  for (const tag of tags.leaves.slice(0, mostShown)) {
    console.log(`${String(tag.products).padStart(7)}  ${nameOf(tag)}: ${tag.terms.join(' ')}`);
  }
}

/**
 * Learns tags twice, from two seeds, and plain clusters twice, as many; prints how they stand to the categories.
 *
 * @throws {GatewayError} EVALUATION_INVALID, BAD_USER_INPUT, TRAINING_DATA_INSUFFICIENT, CANCELLED
 */
export async function evaluateTags(options: Surroundings): Promise<void> {
  const insight = insightOf(options);
  const data = await readTaggedData(options);
  const { seed } = options;
  const tags = await learnTags(insight, data, options, seed);
  const again = await learnTags(insight, data, options, seed + 1);
  const plain = async (from: number): Promise<Clustered> => {
    const { result, ...cost } = await timed(() => plainClusters(data.snapshot, tags.leaves.length, from));
    return { labels: Int32Array.from(result), ...cost };
  };
  const [baseline, other] = [await plain(seed), await plain(seed + 1)];
  const { snapshot, categories, categoryNames } = data;
  const shared = {
    task: 'tags',
    seed,
    documents: snapshot.products.size,
    categories: categoryNames.length,
    tags: tags.leaves.length,
  };
  const lines = [
    { model: 'plain-k-means', ...shared, ...figuresOf(baseline, other, categories) },
    {
      model: name,
      ...shared,
      ...figuresOf(tags, again, categories),
      coherence: typeof tags.coherence === 'number' ? rounded(tags.coherence) : tags.coherence,
      artifactBytes: tags.artifactBytes,
      passed: tags.passed,
      names: tags.leaves.slice(0, mostShown).map(nameOf),
    },
  ];
  show(lines, tags, options.json === true);
}
