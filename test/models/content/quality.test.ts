import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { coldQuestions } from '../../../src/evaluation/coldItems';
import { answererOf, evaluateQuestions } from '../../../src/evaluation/evaluation';
import { content } from '../../../src/models/content/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { ProductDocument } from '../../../src/snapshot/snapshot';
import { dataFile, describeWithData } from '../../support/data';
import { documentOf } from './support';

const shoppers = 2_500;
const textOf = (file: string): string => gunzipSync(readFileSync(dataFile('s3rec', file))).toString();

/** The first few thousand users of S3-Rec's Yelp, and descriptions of the places they visited. */
function yelp() {
  const lists = textOf('Yelp.txt.gz').split('\n').slice(0, shoppers);
  const pairs = lists.flatMap((line, user) =>
    [...new Set(line.split(' ').slice(1))].map(item => [user, item] as const),
  );
  const productIds = [...new Set(pairs.map(([, item]) => item))];
  const rowOf = new Map(productIds.map((id, row) => [id, row]));
  const texts: Record<string, { title: string; description: string }> = JSON.parse(
    textOf('Yelp_item_text.json.gz'),
  );
  const documents = new Map<string, ProductDocument>(
    Object.entries(texts).map(([id, { title, description }]) => [
      id,
      documentOf(title, { categoryPath: description.split(', ') }),
    ]),
  );
  const rows = {
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, item]) => rowOf.get(item) ?? 0),
    rating: new Float32Array(pairs.length).fill(Number.NaN),
    time: new Float64Array(pairs.length).fill(Number.NaN),
  };
  const userIds = lists.map((_, user) => `u${user}`);
  return { ids: { userIds, productIds }, rows, documents };
}

describeWithData('s3rec', 'content on places without visits', () => {
  it('ranks new places far better than text similarity alone', async () => {
    const { ids, rows, documents } = yelp();
    const { among } = await coldQuestions(ids, rows, documents, { seed: 1, holdOut: 'test' });
    const { signal } = new AbortController();
    const context = { seed: 1, threads: serialThreadPool({}), onProgress: () => undefined, signal };
    const model = content({ rank: 24 });
    const artifact = await model.train(among.train, context);
    const recallWith = async (config: Readonly<Record<string, number>>): Promise<number> => {
      const header = { ...artifact.header, config: { ...artifact.header.config, ...config } };
      const scorer = model.load({ ...artifact, header });
      const answerer = answererOf(scorer, among);
      const { full } = await evaluateQuestions(among, answerer, { limitUsers: 300, signal });
      return full.means['recall@20'];
    };
    const recall = await recallWith({});
    const byWords = await recallWith({ likenessWeight: 100, standingWeight: 0 });
    // .1137 of 300 shoppers (.1124 of all). The regression stops before it converges, so rounding moves this by 1 to 2 %.
    expect(recall).toBeGreaterThan(0.11);
    expect(recall).toBeGreaterThan(1.6 * byWords);
  }, 120_000);
});
