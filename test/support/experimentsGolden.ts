import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Bounds {
  readonly low: number;
  readonly high: number;
}
interface Counted extends Bounds {
  /** Successes and units. */
  readonly treated: readonly [number, number];
  readonly control: readonly [number, number];
}
interface Pairs {
  readonly outcomes: readonly number[];
  readonly before: readonly number[];
}
interface Ratio {
  readonly counts: readonly number[];
  readonly shares: readonly number[];
  readonly p: number;
}

interface Golden {
  readonly sipHash: readonly { readonly length: number; readonly hash: string }[];
  readonly uniform: readonly { readonly salt: string; readonly unit: string; readonly value: number }[];
  readonly gammaTail: readonly { readonly a: number; readonly x: number; readonly q: number }[];
  readonly normalQuantile: readonly { readonly p: number; readonly z: number }[];
  readonly arms: { readonly treated: readonly number[]; readonly control: readonly number[] };
  readonly differenceOfMeans: Bounds & { readonly effect: number; readonly p: number };
  readonly newcombe: Counted;
  readonly lift: Counted & { readonly ratio: number };
  readonly costPerConversion: Bounds & {
    readonly conversions: readonly number[];
    readonly costs: readonly number[];
    readonly control: readonly number[];
    readonly ratio: number;
  };
  readonly cuped: {
    readonly treated: Pairs;
    readonly control: Pairs;
    readonly effect: number;
    readonly slope: number;
    readonly standardError: number;
    readonly varianceRemoved: number;
  };
  readonly stratified: { readonly effect: number };
  readonly ratioMetric: { readonly effect: number; readonly standardError: number };
  readonly chiSquare: readonly Ratio[];
  readonly sequentialSampleRatio: readonly Ratio[];
  readonly power: { readonly effect: number; readonly sd: number; readonly units: number };
  readonly unitsForLift: readonly {
    readonly rate: number;
    readonly lift: number;
    readonly treatedShare: number;
    readonly units: number;
  }[];
  readonly alwaysValid: readonly {
    readonly observed: number;
    readonly planned: number;
    readonly width: number;
  }[];
}

const path = join(__dirname, '..', 'golden', 'experiments.golden.json');

/** The same estimates by other programs; `provenance` in the file names them and their versions. */
export const experimentsGolden: Golden = JSON.parse(readFileSync(path, 'utf8'));
