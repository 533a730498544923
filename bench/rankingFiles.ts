import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RankingPairs } from '../src/evaluation/tasks';

/** Real data lies beside the checkout and is never part of it. */
const dataRoot = join(process.cwd(), '..', 'shared', 'data');

/** `user item item …` a line. */
function readLines(file: string): string[][] {
  return gunzipSync(readFileSync(join(dataRoot, file)))
    .toString('utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(words => words.length > 1);
}

/** A ranking task of a data set that comes as train.txt.gz and test.txt.gz. */
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
  const train = pairsOf(readLines(`${folder}/train.txt.gz`));
  const test = pairsOf(readLines(`${folder}/test.txt.gz`));
  return { userIds: [...users.keys()], productIds: [...products.keys()], train, test };
}
