/**
 * Returns the number of later orders after each entry of a history: 0 for the latest and for all entries of its instant.
 *
 * @param occurredAt - milliseconds, ascending
 */
export function orderAgesOf(occurredAt: Float64Array): Uint32Array {
  const ages = new Uint32Array(occurredAt.length);
  for (let entry = occurredAt.length - 2; entry >= 0; entry--) {
    ages[entry] = ages[entry + 1] + Number(occurredAt[entry] < occurredAt[entry + 1]);
  }
  return ages;
}
