/** Bytes of one float32. */
export const F: usize = 4;
/** Entries gathered at once in long sums: 128 entries × d floats stay in the second-level cache. */
export const chunk: i32 = 128;

@inline export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** [Σa, Σb, Σc, Σd]. */
@inline export function foldFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Prefetches by reading one word of every cache line in order: the loads overlap, where the loop that uses the lines
 * would wait for a few at a time. The caller stores the returned word, so that the compiler keeps the reads.
 */
@inline export function touchLines(from: usize, bytes: usize): i32 {
  let word: i32 = 0;
  for (let at = from; at < from + bytes; at += 64) word |= load<i32>(at);
  return word;
}
