// The baselines of `affinity evaluate --task shop` on real shops, against figures that were computed apart, with a script of its own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { dataFile, describeWithData } from '../../../support/data';

interface ColumnFigures {
  readonly shoppers: number;
  readonly 'ndcg@20': number;
}
type Line = Readonly<Record<'all' | 'new', ColumnFigures>>;

const program = join(__dirname, '..', '..', '..', '..', 'bin', 'affinity.mjs');

/** Runs the command in a process of its own, which is faster than in Jest, and returns the lines of the baselines. */
function baselinesOf(preset: string, files: readonly string[]): readonly Line[] {
  const options = ['--task', 'shop', '--preset', preset, '--models', 'popularity', '--json', '--data'];
  const { stdout } = spawnSync(process.execPath, [program, 'evaluate', ...options, ...files], {
    encoding: 'utf8',
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

const timeoutMs = 400_000;

describeWithData('online-retail', 'the baselines of Online Retail', () => {
  it(
    'are those of a computation apart',
    () => {
      const files = [dataFile('online-retail', 'online_retail.csv.gz')];
      const [popularity, own, cosine] = baselinesOf('online-retail', files);
      expect(popularity).toMatchObject({ all: { shoppers: 1021 }, new: { shoppers: 920 } });
      expect(popularity.all['ndcg@20']).toBeCloseTo(0.0791, 3);
      expect(popularity.new['ndcg@20']).toBeCloseTo(0.0316, 3);
      // Apart, by lines: .3365; here by invoices, of which some have a product twice.
      expect(own.all['ndcg@20']).toBeCloseTo(0.3374, 3);
      expect(cosine.new['ndcg@20']).toBeCloseTo(0.0537, 3);
    },
    timeoutMs,
  );
});

describeWithData('complete-journey', 'the baselines of The Complete Journey', () => {
  it(
    'are those of a computation apart',
    () => {
      const files = ['products.csv.gz', 'transactions_sample.csv.gz'];
      const paths = files.map(file => dataFile('complete-journey', file));
      const [popularity, own, cosine] = baselinesOf('complete-journey', paths);
      expect(popularity).toMatchObject({ all: { shoppers: 1622 } });
      expect(popularity.all['ndcg@20']).toBeCloseTo(0.0424, 3);
      expect(popularity.new['ndcg@20']).toBeCloseTo(0.0331, 3);
      expect(own.all['ndcg@20']).toBeCloseTo(0.0567, 3);
      expect(cosine.new['ndcg@20']).toBeCloseTo(0.0331, 3);
    },
    timeoutMs,
  );
});
