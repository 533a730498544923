/** Compares texts by UTF-16 code units: the same order on every machine, whatever its locale. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
