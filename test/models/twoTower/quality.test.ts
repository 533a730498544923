import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { evaluateScorer } from '../../../src/evaluation/evaluation';
import { nextItemSplit } from '../../../src/evaluation/splits';
import { learningTasks } from '../../../src/learning/update';
import type { Model } from '../../../src/models/model';
import { popularity } from '../../../src/models/popularity/model';
import { twoTower } from '../../../src/models/twoTower/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { dataFile, describeWithData } from '../../support/data';

/** Users 1 to `count` of MovieLens 1M, in time order; their ids are whole numbers from 1. */
function firstUsers(count: number) {
  const pairs = gunzipSync(readFileSync(dataFile('ml-1m', 'ml-1m.txt.gz')))
    .toString('utf8')
    .trim()
    .split('\n')
    .map(line => line.split(' ').map(Number))
    .filter(([user]) => user <= count);
  const idsTo = (most: number): string[] => Array.from({ length: most + 1 }, (_, index) => `${index}`);
  return {
    userIds: idsTo(count),
    productIds: idsTo(Math.max(...pairs.map(([, item]) => item))),
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, item]) => item),
  };
}

describeWithData('ml-1m', 'two-tower on the first 150 users of MovieLens 1M', () => {
  it('ranks the next film with twice the quality of popularity', async () => {
    const split = await nextItemSplit(firstUsers(150), 'test');
    const ndcgOf = async (model: Model): Promise<number> => {
      const artifact = await model.train(split.train, {
        seed: 1,
        threads: serialThreadPool(learningTasks),
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
      return (await evaluateScorer(model.load(artifact), split)).full.means['ndcg@20'];
    };
    expect(await ndcgOf(twoTower())).toBeGreaterThan(2 * (await ndcgOf(popularity())));
  }, 120_000);
});
