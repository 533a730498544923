import { encodeArtifact } from '../../../artifact/encode';
import { readTaggedFile, rowParts, type TaggedData } from '../../../evaluation/files/taggedFile';
import { plainClusters } from '../../../evaluation/plainClusters';
import { rounded } from '../../../evaluation/report/rounded';
import {
  type Clustering,
  clusteringFigures,
  type TagsLine,
  tagName,
  tagsList,
  tagsTable,
} from '../../../evaluation/report/tagsReport';
import { interestTags } from '../../../insights/interestTags/insight';
import type { InterestTag } from '../../../insights/interestTags/reading';
import type { SettingOverrides } from '../../../learning/settings';
import { demoTaggedData } from './demoData';
import { measureCost } from './measureCost';
import { openLines } from './openLines';
import { type EvaluateOptions, type EvaluateRun, insightConfig, invalid, needed } from './options';
import { shopReader } from './shopSource';

const { name } = interestTags.card;
/** Most tags printed by name. */
const maxShownTags = 60;

/** @throws {GatewayError} EVALUATION_INVALID on --models or --set of something else */
function overridesOf(options: EvaluateOptions): SettingOverrides {
  const other = options.models?.find(model => model !== name);
  if (other !== undefined) throw invalid(`${name} in --models`, other, 'Correct it.');
  return insightConfig(options, name);
}

/** Reads a shop, and the top level of its own categories. */
async function readShop(options: EvaluateRun): Promise<TaggedData> {
  const { snapshot } = await shopReader(options)();
  const rows = new Map<string, number>();
  const categories = Int32Array.from({ length: snapshot.products.size }, (_, product) => {
    const category = snapshot.documents?.[product]?.categoryPath[0];
    if (category === undefined) return -1;
    const row = rows.get(category) ?? rows.size;
    rows.set(category, row);
    return row;
  });
  return { snapshot, categories, categoryNames: [...rows.keys()] };
}

/**
 * Reads the columns of --data that --text and --category name, or the shop that --shop or --preset names, or makes the demo
 * shop.
 *
 * @throws {GatewayError} EVALUATION_INVALID, IMPORT_INVALID, NOT_FOUND, UNAVAILABLE
 */
async function readTaggedData(options: EvaluateRun): Promise<TaggedData> {
  if (options.demo !== undefined) return demoTaggedData(options.demo, options.splitSeed);
  if (options.shop !== undefined || options.preset !== undefined) return readShop(options);
  const path = needed(options.data, '--data', 'tags');
  const part = rowParts.find(known => known === options.part);
  if (part === undefined) throw invalid(`--part among ${rowParts.join(', ')}`, options.part, 'Choose one.');
  const textColumns = needed(options.text, '--text COLUMN', 'tags').split(',');
  return readTaggedFile(openLines(path, options.signal), {
    textColumns: textColumns.map(column => column.trim()),
    categoryColumn: needed(options.category, '--category COLUMN', 'tags'),
    part,
    limit: options.limitUsers,
  });
}

interface LearnedTags extends Clustering {
  readonly leaves: readonly InterestTag[];
  readonly parents: readonly InterestTag[];
  /** Agreement with trainings on parts of the data. */
  readonly partStability: number | string;
  readonly artifactBytes: number;
  readonly coherence: number | string;
  readonly reason: string;
  readonly passed: boolean;
}

async function learnTags(
  overrides: SettingOverrides,
  { snapshot }: TaggedData,
  { threads, signal }: EvaluateRun,
  seed: number,
): Promise<LearnedTags> {
  const { result, cost } = await measureCost(name, show =>
    interestTags.learn(
      snapshot,
      { seed, threads, signal, onProgress: (done, total) => show('training', done, total) },
      overrides,
    ),
  );
  const read = interestTags.load(result.artifact);
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
    parents: read.tags.slice(leaves.length),
    artifactBytes,
    coherence: result.metrics['coherence'],
    partStability: result.metrics['stability'],
    ...result.verdict,
    cost,
  };
}

async function clusterPlainly({ snapshot }: TaggedData, clusters: number, seed: number): Promise<Clustering> {
  const { result, cost } = await measureCost('plain-k-means', () => plainClusters(snapshot, clusters, seed));
  return { labels: Int32Array.from(result), cost };
}

function show(lines: readonly TagsLine[], tags: LearnedTags, isJson: boolean): void {
  if (isJson) {
    for (const line of lines) console.log(JSON.stringify(line));
    return;
  }
  console.log(tagsTable(lines));
  console.log(`\n${tags.passed ? 'Passed' : 'Refused'}: ${tags.reason}`);
  const parentOf = ({ parentId }: InterestTag) => tags.parents.find(({ id }) => id === parentId);
  console.log(tagsList(tags.leaves.slice(0, maxShownTags), parentOf));
}

const roundedFigure = (figure: number | string) => (typeof figure === 'number' ? rounded(figure) : figure);

/**
 * `affinity evaluate --task tags`. Learns interest tags with two seeds, makes as many plain clusters with two seeds, and
 * prints how both agree with the categories. Neither has seen those of a file; those of a shop are part of its products.
 *
 * @throws {GatewayError} EVALUATION_INVALID, IMPORT_INVALID, NOT_FOUND, UNAVAILABLE, BAD_USER_INPUT, TRAINING_DATA_INSUFFICIENT, CANCELLED
 */
export async function evaluateTags(options: EvaluateRun): Promise<void> {
  const overrides = overridesOf(options);
  const data = await readTaggedData(options);
  const { seed } = options;
  const tags = await learnTags(overrides, data, options, seed);
  const again = await learnTags(overrides, data, options, seed + 1);
  const plain = await clusterPlainly(data, tags.leaves.length, seed);
  const plainAgain = await clusterPlainly(data, tags.leaves.length, seed + 1);
  const shared = {
    task: 'tags',
    seed,
    documents: data.snapshot.products.size,
    categories: data.categoryNames.length,
    tags: tags.leaves.length,
  };
  const lines = [
    { model: 'plain-k-means', ...shared, ...clusteringFigures(plain, plainAgain, data.categories) },
    {
      model: name,
      ...shared,
      ...clusteringFigures(tags, again, data.categories),
      coherence: roundedFigure(tags.coherence),
      partStability: roundedFigure(tags.partStability),
      artifactBytes: tags.artifactBytes,
      passed: tags.passed,
      names: tags.leaves.slice(0, maxShownTags).map(tagName),
      sizes: tags.leaves.slice(0, maxShownTags).map(({ products }) => products),
      parents: tags.parents.map(tagName),
    },
  ];
  show(lines, tags, options.json === true);
}
