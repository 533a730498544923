import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { historiesOf } from '../../../src/models/histories';
import { ratedFactors } from '../../../src/models/ratedFactors/model';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { dataFile, describeWithData } from '../../support/data';
import { snapshotOf } from '../../support/snapshots';

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return groups;
}

/** Random split of the ratings of MovieLens 100K: nine tenths for training, one tenth for testing. */
function ratingsInTwo() {
  const rng = createRng(1);
  const lines = gunzipSync(readFileSync(dataFile('ml-100k', 'ml-100k.inter.gz'))).toString('utf8');
  const ratings = lines
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split('\t'))
    .map(([user, product, value, at]) => ({ user, product, value: Number(value), at: Number(at) }));
  return groupBy(ratings, () => (rng.uniform() < 0.1 ? 'held out' : 'known'));
}

describeWithData('ml-100k', 'rated-factors on MovieLens 100K', () => {
  it('predicts stars with an RMSE of .905, where user and film biases reach .943', async () => {
    const parts = ratingsInTwo();
    const known = (parts.get('known') ?? []).map(rating => ({ ...rating, type: 'RATING' }) as const);
    const snapshot = await snapshotOf(known);
    const model = ratedFactors({ rank: 8, epochs: 10 });
    const scorer = model.load(
      await model.train(snapshot, {
        seed: 1,
        threads: serialThreadPool({}),
        onProgress: () => undefined,
        signal: new AbortController().signal,
      }),
    );
    const histories = historiesOf(snapshot);
    const rows = Int32Array.from({ length: snapshot.products.size }, (_, row) => row);
    const out = new Float32Array(snapshot.products.size);
    const asked = groupBy(parts.get('held out') ?? [], rating => rating.user);
    let [squares, count] = [0, 0];
    for (const [user, ratings] of asked) {
      scorer.rateInto(histories.of(snapshot.users.rowOf(user), rows), out);
      for (const { product, value } of ratings) {
        const row = snapshot.products.rowOf(product);
        if (row < 0) continue;
        squares += (out[row] - value) ** 2;
        count++;
      }
    }
    expect(count).toBeGreaterThan(9_000);
    expect(Math.sqrt(squares / count)).toBeLessThan(0.905);
  }, 120_000);
});
