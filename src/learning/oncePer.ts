/**
 * Returns a function that computes once per source and key, for what several models learn from the same data: the parts of an
 * ensemble, and trials beside trainings. Results are kept as long as the source is in memory, and must not be changed. A
 * failure (cancelled) is not kept.
 *
 * @param keyOf - of everything beside the source that the result depends on
 */
export function oncePer<Source extends object, Given extends readonly unknown[], Result>(
  keyOf: (...given: Given) => string,
  compute: (source: Source, ...given: Given) => Promise<Result>,
): (source: Source, ...given: Given) => Promise<Result> {
  const results = new WeakMap<Source, Map<string, Promise<Result>>>();
  return (source, ...given) => {
    const known = results.get(source) ?? new Map<string, Promise<Result>>();
    results.set(source, known);
    const key = keyOf(...given);
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = compute(source, ...given);
    known.set(key, result);
    result.catch(() => known.delete(key));
    return result;
  };
}
