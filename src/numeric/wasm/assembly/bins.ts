// Histograms of gradients and hessians for the growth of trees (src/numeric/trees). A pair is one gradient and one hessian:
// float32 per row, float64 per bin, so that a bin is one register, and sums are those of the plain twin bit for bit.

/** Adds a pair to the cell of a bin. */
@inline function addTo(out: usize, bin: usize, pair: v128): void {
  const cell = out + (bin << 4);
  v128.store(cell, f64x2.add(v128.load(cell), pair));
}

/** Sums the rows at the places [begin, end) by the bins of four columns: rows and pairs are read once for all four. */
function sumFour(columns: usize, rows: usize, ordered: usize, begin: usize, end: usize, out: usize): void {
  const bins0 = <usize>load<u32>(columns);
  const bins1 = <usize>load<u32>(columns, 8);
  const bins2 = <usize>load<u32>(columns, 16);
  const bins3 = <usize>load<u32>(columns, 24);
  const out0 = out + <usize>load<u32>(columns, 4);
  const out1 = out + <usize>load<u32>(columns, 12);
  const out2 = out + <usize>load<u32>(columns, 20);
  const out3 = out + <usize>load<u32>(columns, 28);
  for (let place = begin; place < end; place++) {
    const row = <usize>load<u32>(rows + (place << 2));
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(ordered + (place << 3)));
    addTo(out0, <usize>load<u8>(bins0 + row), pair);
    addTo(out1, <usize>load<u8>(bins1 + row), pair);
    addTo(out2, <usize>load<u8>(bins2 + row), pair);
    addTo(out3, <usize>load<u8>(bins3 + row), pair);
  }
}

/** Sums the rows at the places [begin, end) by the bins of one column. */
function sumOne(columns: usize, rows: usize, ordered: usize, begin: usize, end: usize, out: usize): void {
  const bins = <usize>load<u32>(columns);
  const own = out + <usize>load<u32>(columns, 4);
  for (let place = begin; place < end; place++) {
    const row = <usize>load<u32>(rows + (place << 2));
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(ordered + (place << 3)));
    addTo(own, <usize>load<u8>(bins + row), pair);
  }
}

/**
 * Adds the pairs of the rows at the places [begin, end) to the cells of their bins, column by column. `job` is five words
 * (src/numeric/binSums.ts): the addresses of the rows, of the pairs by row, of scratch for the pairs by place and of the
 * columns, and the number of columns. A column is two words: the address of its bins by row, and the offset of its cells in
 * `out`.
 */
export function sumBins(job: usize, begin: usize, end: usize, out: usize): void {
  const rows = <usize>load<u32>(job);
  const pairs = <usize>load<u32>(job, 4);
  const ordered = <usize>load<u32>(job, 8);
  const count = <usize>load<u32>(job, 16);
  let columns = <usize>load<u32>(job, 12);
  for (let place = begin; place < end; place++) {
    const row = <usize>load<u32>(rows + (place << 2));
    store<u64>(ordered + (place << 3), load<u64>(pairs + (row << 3)));
  }
  let done: usize = 0;
  for (; done + 4 <= count; done += 4, columns += 32) sumFour(columns, rows, ordered, begin, end, out);
  for (; done < count; done++, columns += 8) sumOne(columns, rows, ordered, begin, end, out);
}

/** from ← from - part for `count` pairs of float64. */
export function subtractPairs(from: usize, part: usize, count: usize): void {
  const end = from + (count << 4);
  for (; from < end; from += 16, part += 16) v128.store(from, f64x2.sub(v128.load(from), v128.load(part)));
}
