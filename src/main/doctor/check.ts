/** Result of checking one part. */
export interface Finding {
  /** Name of the part, a noun. */
  readonly part: string;
  /** `missing` prevents the gateway from running; `warning` limits it. */
  readonly state: 'ok' | 'warning' | 'missing';
  /** Short description of what was found, without secrets. */
  readonly found: string;
  /** What to do; null: nothing. */
  readonly remedy: string | null;
}

/** Creates a finding without a problem. */
export const ok = (part: string, found: string): Finding => ({ part, state: 'ok', found, remedy: null });

const marks = { ok: 'ok     ', warning: 'warning', missing: 'MISSING' } as const;

/** Formats findings for the terminal. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ part }) => part.length));
  return findings
    .flatMap(({ part, state, found, remedy }) => [
      `${marks[state]}  ${part.padEnd(width)}  ${found}`,
      ...(remedy === null ? [] : [`${' '.repeat(11 + width)}→ ${remedy}`]),
    ])
    .join('\n');
}
