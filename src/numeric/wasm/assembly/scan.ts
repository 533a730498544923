/** [Σa, Σb, Σc, Σd] of integers. */
@inline function foldFourIntegers(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** Four rows of `d` bytes each against a query of 16-bit numbers: four exact sums. */
@inline function dotFour(rows: usize, d: usize, query: usize): v128 {
  let a = i32x4.splat(0), b = a, c = a, e = a;
  let r0 = rows, r1 = r0 + d, r2 = r1 + d, r3 = r2 + d;
  const end = r1;
  while (r0 < end) {
    const u = v128.load(query);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0), u));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1), u));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2), u));
    e = i32x4.add(e, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3), u));
    r0 += 8;
    r1 += 8;
    r2 += 8;
    r3 += 8;
    query += 16;
  }
  return foldFourIntegers(a, b, c, e);
}

/**
 * Finds the rows of [begin, begin + count) whose estimate plus error reaches `threshold` and returns their number. begin
 * and count are multiples of 4. Words of a job: addresses of codes, scales, errors, query, rows found, estimates found;
 * d; one unused; room for four floats.
 *
 *   estimate = (codes·query) · (scale · unit);  found: estimate + error >= threshold (never for NaN)
 */
export function scanRows(job: usize, begin: i32, count: i32, unit: f32, threshold: f32): i32 {
  const d = <usize>load<u32>(job, 24);
  const query = <usize>load<u32>(job, 12);
  let found = <usize>load<u32>(job, 16), estimates = <usize>load<u32>(job, 20);
  const lanes = job + 32;
  const first = found;
  let codes = <usize>load<u32>(job) + (<usize>begin) * d;
  let scales = <usize>load<u32>(job, 4) + 4 * (<usize>begin);
  let errors = <usize>load<u32>(job, 8) + 4 * (<usize>begin);
  const units = f32x4.splat(unit), least = f32x4.splat(threshold);
  for (let row = begin; row < begin + count; row += 4) {
    const sums = f32x4.convert_i32x4_s(dotFour(codes, d, query));
    const estimate = f32x4.mul(sums, f32x4.mul(v128.load(scales), units));
    const highest = f32x4.add(estimate, v128.load(errors));
    const reached = i32x4.bitmask(f32x4.ge(highest, least));
    if (reached != 0) {
      v128.store(lanes, estimate);
      for (let lane = 0; lane < 4; lane++) {
        if ((reached & (1 << lane)) == 0) continue;
        store<u32>(found, row + lane);
        store<f32>(estimates, load<f32>(lanes + 4 * lane));
        found += 4;
        estimates += 4;
      }
    }
    codes += 4 * d;
    scales += 16;
    errors += 16;
  }
  return <i32>((found - first) >> 2);
}
