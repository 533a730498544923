import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { evaluateScorer } from '../../src/evaluation/evaluation';
import type { Model } from '../../src/models/model';
import { threadTasks } from '../../src/models/threadTasks';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';
import { holdOutShare } from '../../src/snapshot/holdOutShare';
import type { Split } from '../../src/snapshot/split';
import { dataFile } from './data';

/** MovieLens 100k as bare pairs, with a fifth of each user's pairs held out at random. */
export function ml100kSplit(): Promise<Split> {
  const lines = gunzipSync(readFileSync(dataFile('ml-100k', 'ml-100k.inter.gz')))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split('\t').map(Number));
  const idsTo = (most: number): string[] => Array.from({ length: most + 1 }, (_, id) => `${id}`);
  const user = Uint32Array.from(lines, ([id]) => id);
  const product = Uint32Array.from(lines, ([, id]) => id);
  const most = (rows: Uint32Array): number => rows.reduce((highest, row) => Math.max(highest, row), 0);
  return snapshotFromPairs({
    userIds: idsTo(most(user)),
    productIds: idsTo(most(product)),
    user,
    product,
  }).then(snapshot => holdOutShare(snapshot, 0.2, 1));
}

/** Recall and ndcg at 20 of a model on a split, over 300 users. */
export async function qualityOf(
  model: Model,
  split: Split,
): Promise<{ readonly recall: number; readonly ndcg: number }> {
  const artifact = await model.train(split.train, {
    seed: 1,
    threads: serialThreadPool(threadTasks),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const { full } = await evaluateScorer(model.load(artifact), split, { limitUsers: 300 });
  return { recall: full.means['recall@20'], ndcg: full.means['ndcg@20'] };
}
