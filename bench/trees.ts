// Measures the growth of trees on one thread, beside LightGBM, scikit-learn and npm's ml-random-forest in the same run:
// gradient boosting and a random forest. Data are made from a seed (20 columns, 10 of them categories,
// some values missing) or read from a CSV file, whose last column is the outcome. Seconds are of processor time.
// node scripts/bench.mjs trees [--data bank-additional-full.csv.gz] [--positive yes] [--rows 41188] [--trees 500]
//   [--peerTrees 1] [--python /tmp/py/bin/python]
// Peers: `python3 -m venv /tmp/py && /tmp/py/bin/pip install lightgbm==4.7.0 scikit-learn==1.9.1`; without --python they are
// left out. ml-random-forest is installed into a temporary folder by npm; 0 --peerTrees leave it out. It has neither
// categories nor missing values, and gets codes and -1 for them. One of its trees takes seconds, so that few are timed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { aucOf } from '../src/numeric/classification';
import { createRng } from '../src/numeric/rng';
import { boostTrees, type LabelledTable } from '../src/numeric/trees/boostTrees';
import { growForest } from '../src/numeric/trees/growForest';
import { environmentLine } from './environment';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    positive: { type: 'string', default: 'yes' },
    rows: { type: 'string', default: '41188' },
    trees: { type: 'string', default: '500' },
    peerTrees: { type: 'string', default: '1' },
    python: { type: 'string' },
  },
});
const trees = Number(options.trees);
const peerTrees = Number(options.peerTrees);
const peerVersion = '2.1.0';

type Table = LabelledTable & { readonly categorical: ReadonlySet<number> };

/** Ten numbers and ten categories of 2 to 20 codes; one value in fifty is missing; about an eighth of the labels are 1. */
function syntheticTable(rows: number): Table {
  const columns = 20;
  const rng = createRng(1);
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  const effects = Array.from({ length: 10 }, (_, category) =>
    Array.from({ length: 2 + 2 * category }, () => rng.gaussian() / 3),
  );
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    let score = -2.4;
    for (let column = 0; column < 10; column++) {
      const code = rng.int(effects[column].length);
      score += effects[column][code];
      own[column] = rng.gaussian();
      own[10 + column] = code;
    }
    score += own[0] + own[1] * own[2] + Math.sin(3 * own[3]);
    labels[row] = Number(rng.uniform() < 1 / (1 + Math.exp(-score)));
    for (let column = 0; column < columns; column++) if (rng.int(50) === 0) own[column] = Number.NaN;
  }
  return { rows, columns, values, labels, categorical: new Set(effects.map((_, category) => 10 + category)) };
}

/** Returns the numbers of a column, or codes where it has text; NaN for an empty field. */
function columnOf(fields: readonly string[]): { values: number[]; isText: boolean } {
  const isText = fields.some(field => Number.isNaN(Number(field)));
  const codes = new Map([...new Set(fields)].map((field, code) => [field, code]));
  const values = fields.map(field => {
    if (field === '') return Number.NaN;
    return isText ? (codes.get(field) ?? Number.NaN) : Number(field);
  });
  return { values, isText };
}

/** Reads a CSV file, whose fields have no separators inside quotes; columns of text become codes. */
function readTable(file: string, positive: string): Table {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head, ...lines] = text.trim().split('\n');
  const separator = head.includes(';') ? ';' : ',';
  const fields = lines.map(line => line.split(separator).map(field => field.trim().replaceAll('"', '')));
  const columns = head.split(separator).length - 1;
  const categorical = new Set<number>();
  const values = new Float32Array(fields.length * columns);
  for (let column = 0; column < columns; column++) {
    const own = columnOf(fields.map(field => field[column]));
    if (own.isText) categorical.add(column);
    for (const [row, value] of own.values.entries()) values[row * columns + column] = value;
  }
  const labels = Uint8Array.from(fields, own => Number(own[columns] === positive));
  return { rows: fields.length, columns, values, labels, categorical };
}

/** Seconds of processor time of all work that is awaited. */
async function secondsOf(work: () => Promise<void> | void): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Seconds of a program, and how well it fits: log-loss on the training rows (boosting), AUC out of bag (forests). */
interface Timed {
  readonly seconds: number;
  readonly quality: number;
}
type Peers = Partial<Record<'lightgbm' | 'scikit' | 'lightgbmForest', Timed>>;

async function timeBoosting(train: Table): Promise<Timed> {
  const settings = {
    rounds: trees,
    learningRate: 0.05,
    leaves: 31,
    minHessian: 1e-3,
    l2: 1,
    minGain: 0,
    rowShare: 1,
    columnShare: 1,
    patience: trees,
  };
  const task = { train, classes: 2, settings, seed: 1 };
  const seconds = await secondsOf(async () => {
    await boostTrees(task);
  });
  // The loss is computed in a run of its own, as the peer computes none.
  const short = { ...settings, rounds: Math.min(trees, 100) };
  const { losses } = await boostTrees({ ...task, validation: train, settings: short });
  return { seconds, quality: losses.at(-1) ?? Number.NaN };
}

async function timeForest(train: Table): Promise<Timed> {
  let outOfBag: Float64Array = new Float64Array(0);
  const columnsPerNode = Math.floor(Math.sqrt(train.columns));
  const settings = {
    trees,
    columnsPerNode,
    rowShare: 1,
    isReplacing: true,
    minLeafWeight: 1,
    maxDepth: 1000,
  };
  const seconds = await secondsOf(async () => {
    outOfBag = (await growForest({ train, settings, seed: 1 })).outOfBag;
  });
  const seen = [...outOfBag.keys()].filter(row => !Number.isNaN(outOfBag[row]));
  const quality = aucOf(
    seen.map(row => outOfBag[row]),
    seen.map(row => train.labels[row]),
  );
  return { seconds, quality };
}

/** Runs bench/treesPeer.py on the same rows. */
function timePython(python: string, folder: string, train: Table): Peers {
  const [x, y] = [join(folder, 'x.f32'), join(folder, 'y.u8')];
  writeFileSync(x, new Uint8Array(train.values.buffer));
  writeFileSync(y, train.labels);
  const asked = [x, y, String(train.columns), String(trees), [...train.categorical].join(',')];
  const threads = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const output = execFileSync(python, [join('bench', 'treesPeer.py'), ...asked], {
    env: { ...process.env, ...threads },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as Peers;
}

/** What is used of ml-random-forest. */
interface PeerModule {
  readonly RandomForestClassifier: new (
    settings: Readonly<Record<string, unknown>>,
  ) => { train(rows: number[][], labels: number[]): void };
}

/** Seconds per tree of ml-random-forest. */
async function timeNpm(folder: string, { rows, columns, values, labels }: Table): Promise<number> {
  const asked = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...asked, `ml-random-forest@${peerVersion}`], { stdio: 'inherit' });
  const peer = createRequire(join(folder, 'package.json'))('ml-random-forest') as PeerModule;
  const known = values.map(value => (Number.isNaN(value) ? -1 : value));
  const table = Array.from({ length: rows }, (_, row) => [
    ...known.subarray(row * columns, (row + 1) * columns),
  ]);
  const maxFeatures = Math.floor(Math.sqrt(columns));
  const settings = { seed: 1, maxFeatures, replacement: true, nEstimators: peerTrees, noOOB: true };
  const seconds = await secondsOf(() => {
    new peer.RandomForestClassifier(settings).train(table, [...labels]);
  });
  return seconds / peerTrees;
}

const print = (name: string, { seconds, quality }: Timed, measure: string): void =>
  console.log(`  ${name.padEnd(30)} ${seconds.toFixed(2).padStart(8)} s   ${measure} ${quality.toFixed(4)}`);

function printRatio(name: string, seconds: number, peer: number): void {
  console.log(`  ${name.padEnd(44)} ${(seconds / peer).toPrecision(3)}`);
}

async function reportAll(table: Table, folder: string): Promise<void> {
  const peers = options.python === undefined ? {} : timePython(options.python, folder, table);
  const boosting = await timeBoosting(table);
  const forest = await timeForest(table);
  console.log(`boosting, ${trees} trees of 31 leaves:`);
  print('ours', boosting, 'log-loss on training rows after 100 trees');
  if (peers.lightgbm) print('LightGBM', peers.lightgbm, 'log-loss on training rows after 100 trees');
  console.log(`random forest, ${trees} trees without limits:`);
  print('ours', forest, 'AUC out of bag');
  if (peers.scikit) print('scikit-learn', peers.scikit, 'AUC out of bag');
  if (peers.lightgbmForest) print('LightGBM, 4,096 leaves', peers.lightgbmForest, 'AUC on training rows');
  const perTree = peerTrees > 0 ? await timeNpm(folder, table) : null;
  if (perTree !== null)
    console.log(`ml-random-forest ${peerVersion}: ${perTree.toFixed(2)} s per tree (${peerTrees} grown)`);
  console.log('ratios of processor time, ours / peer:');
  if (peers.lightgbm) printRatio('boosting / LightGBM', boosting.seconds, peers.lightgbm.seconds);
  if (peers.scikit) printRatio('random forest / scikit-learn', forest.seconds, peers.scikit.seconds);
  if (peers.lightgbmForest)
    printRatio('random forest / LightGBM', forest.seconds, peers.lightgbmForest.seconds);
  if (perTree !== null)
    printRatio('a tree of the forest / ml-random-forest', forest.seconds / trees, perTree);
}

async function main(): Promise<void> {
  console.log(environmentLine());
  const table =
    options.data === undefined
      ? syntheticTable(Number(options.rows))
      : readTable(options.data, options.positive);
  const positives = table.labels.reduce((sum, label) => sum + label, 0);
  console.log(
    `${table.rows} rows × ${table.columns} columns, ${table.categorical.size} of them categories; ${positives} positive`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'trees-'));
  try {
    await reportAll(table, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
