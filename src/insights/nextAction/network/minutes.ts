import { bucketCount } from './shape';

/** Buckets of the time to the next event. */
export interface MinuteBuckets {
  /** [bucketCount - 1], ascending: bucket b ends at edges[b]; the last has no end. */
  readonly edges: Float32Array;
  /** [bucketCount]: mean minutes per bucket in training. */
  readonly means: Float32Array;
}

/** The bucket of a time. */
export function bucketOf({ edges }: MinuteBuckets, minutes: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (minutes <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Buckets that each hold about the same number of the known times.
 *
 * @param minutes - NaN where not known
 */
export function minuteBucketsOf(minutes: Float32Array): MinuteBuckets {
  const known = minutes.filter(value => !Number.isNaN(value)).sort();
  const edges = Float32Array.from({ length: bucketCount - 1 }, (_, index) =>
    known.length === 0 ? index + 1 : known[Math.floor(((index + 1) * (known.length - 1)) / bucketCount)],
  );
  const buckets = { edges, means: new Float32Array(bucketCount) };
  const [sums, counts] = [new Float64Array(bucketCount), new Float64Array(bucketCount)];
  for (const value of known) {
    const bucket = bucketOf(buckets, value);
    sums[bucket] += value;
    counts[bucket]++;
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const edge = edges[Math.min(bucket, edges.length - 1)];
    buckets.means[bucket] = counts[bucket] > 0 ? sums[bucket] / counts[bucket] : edge;
  }
  return buckets;
}
