import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RankingPairs } from '../src/evaluation/splits';

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

/** All but each user's last line, and those: a file of `user item` in time order. */
function withoutLast(lines: string[][]): { train: string[][]; test: string[][] } {
  const last = new Map(lines.map(([user], at) => [user, at]));
  return {
    train: lines.filter(([user], at) => last.get(user) !== at),
    test: lines.filter(([user], at) => last.get(user) === at),
  };
}

/**
 * A ranking task of a data set that comes as train.txt.gz and test.txt.gz, or as one file named as its folder, `user item`
 * in time order, of which every user's last item is to be found.
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
