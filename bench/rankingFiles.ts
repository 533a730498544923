import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RankingPairs } from '../src/evaluation/splits';

/** Real data sets are in a sibling folder of the checkout, not in the repository. */
const dataRoot = join(process.cwd(), '..', 'shared', 'data');

/** Reads lines of `user item item …`. */
function readLines(file: string): string[][] {
  return gunzipSync(readFileSync(join(dataRoot, file)))
    .toString('utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(words => words.length > 1);
}

/** Splits lines of `user item` in time order: each user's last line is the test set. */
function withoutLast(lines: string[][]): { train: string[][]; test: string[][] } {
  const last = new Map(lines.map(([user], at) => [user, at]));
  return {
    train: lines.filter(([user], at) => last.get(user) !== at),
    test: lines.filter(([user], at) => last.get(user) === at),
  };
}

/**
 * Reads a ranking task: train.txt.gz and test.txt.gz, or one file named after its folder with `user item` in time order,
 * whose test set is every user's last item.
 */
export function readRankingPairs(folder: string): RankingPairs {
  const [users, products] = [new Map<string, number>(), new Map<string, number>()];
  const indexIn = (table: Map<string, number>, id: string): number => {
    const known = table.get(id) ?? table.size;
    table.set(id, known);
    return known;
  };
  const pairsOf = (lines: string[][]) => {
    const pairs = lines.flatMap(([user, ...items]) => items.map(item => [user, item]));
    return {
      user: Uint32Array.from(pairs, ([user]) => indexIn(users, user)),
      product: Uint32Array.from(pairs, ([, item]) => indexIn(products, item)),
    };
  };
  const whole = `${folder}/${folder}.txt.gz`;
  const lines = existsSync(join(dataRoot, whole))
    ? withoutLast(readLines(whole))
    : { train: readLines(`${folder}/train.txt.gz`), test: readLines(`${folder}/test.txt.gz`) };
  const train = pairsOf(lines.train);
  const test = pairsOf(lines.test);
  return { userIds: [...users.keys()], productIds: [...products.keys()], train, test };
}
