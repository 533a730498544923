/** What a look at one part found. */
export interface Finding {
  /** The part: a noun. */
  readonly part: string;
  /** `missing` stops the gateway; `warning` makes it less than it could be. */
  readonly state: 'ok' | 'warning' | 'missing';
  /** What is there, in a few words; no secrets. */
  readonly found: string;
  /** What to do about it; null when nothing. */
  readonly remedy: string | null;
}

/** A finding that all is well. */
export const fine = (part: string, found: string): Finding => ({ part, state: 'ok', found, remedy: null });

const marks = { ok: 'ok     ', warning: 'warning', missing: 'MISSING' } as const;

/** Findings as lines for a person. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ part }) => part.length));
  return findings
    .flatMap(({ part, state, found, remedy }) => [
      `${marks[state]}  ${part.padEnd(width)}  ${found}`,
      ...(remedy === null ? [] : [`${' '.repeat(11 + width)}→ ${remedy}`]),
    ])
    .join('\n');
}
