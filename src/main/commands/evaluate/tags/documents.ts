import { generateDemoShop } from '../../../../demo/demoShop';
import { createSnapshotBuilder } from '../../../../snapshot/builder';
import type { Snapshot } from '../../../../snapshot/snapshot';
import { invalidFile } from '../lines';
import { demoSnapshot } from '../nextAction/demoSnapshot';
import { type EvaluateOptions, invalid, needed } from '../options';
import { recordsOf } from '../recordsFile';

/** What tags are made from, and what they are held against. */
export interface TaggedData {
  readonly snapshot: Snapshot;
  /** Category of each product by its row, never seen in training. */
  readonly categories: Int32Array;
  readonly categoryNames: readonly string[];
}

/** Which rows count: all, or every other, from the first or from the second. */
const parts = ['all', 'odd', 'even'] as const;

function isOfPart(part: string, row: number): boolean {
  return part === 'all' || (part === 'odd') === (row % 2 === 0);
}

/** Columns that --text and --category name; several texts of a row are read as one. */
function columnsOf(options: EvaluateOptions): ReadonlyMap<string, string> {
  const texts = needed(options.text, '--text COLUMN', 'tags').split(',');
  return new Map([
    ['category', needed(options.category, '--category COLUMN', 'tags')],
    ...texts.map((column, at): [string, string] => [`text${at}`, column.trim()]),
  ]);
}

async function readFile(options: EvaluateOptions): Promise<TaggedData> {
  const path = needed(options.data, '--data', 'tags');
  const { part } = options;
  if (!parts.some(known => known === part))
    throw invalid(`--part among ${parts.join(', ')}`, part, 'Choose one.');
  const named = columnsOf(options);
  const roles = [...named.keys()];
  const builder = createSnapshotBuilder({ asOf: 0 });
  const names: string[] = [];
  const categories: number[] = [];
  let row = 0;
  for await (const { values } of recordsOf(path, { roles, needed: roles.length, named })) {
    const [category, ...texts] = values;
    if (!isOfPart(part, row++)) continue;
    const described = texts.filter(text => text !== '');
    const known = names.indexOf(category);
    if (known < 0) names.push(category);
    // Rows of the snapshot are in order of the ids.
    builder.describe(`row-${String(categories.length).padStart(9, '0')}`, {
      titles: [],
      descriptions: described,
      categoryPath: [],
      features: [],
      priceMinor: Number.NaN,
    });
    categories.push(known < 0 ? names.length - 1 : known);
    if (categories.length === options.limitUsers) break;
  }
  if (categories.length === 0)
    throw invalidFile(path, 'rows with a text and a category', 'none', 'Correct it.');
  return { snapshot: await builder.build(), categories: Int32Array.from(categories), categoryNames: names };
}

/** As in demoSnapshot.ts. */
const end = Date.UTC(2026, 0, 15);

/** The demo shop's products, and the taste that each was made for: hidden from every model. */
async function readDemo(scale: number, seed: number): Promise<TaggedData> {
  const snapshot = await demoSnapshot(scale, seed);
  const { groundTruth } = generateDemoShop({ seed, scale, now: end });
  const tasteOf = new Map<string, number>();
  for (const [id, { tastes }] of groundTruth.products) tasteOf.set(id, tastes.indexOf(Math.max(...tastes)));
  return {
    snapshot,
    categories: Int32Array.from(
      { length: snapshot.products.size },
      (_, row) => tasteOf.get(snapshot.products.idOf(row)) ?? -1,
    ),
    categoryNames: groundTruth.tastes.map(({ name }) => name.en),
  };
}

/**
 * Reads what --data, --text and --category name, or makes the demo shop.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export const readTaggedData = (options: EvaluateOptions): Promise<TaggedData> =>
  options.demo === undefined ? readFile(options) : readDemo(options.demo, options.splitSeed);
