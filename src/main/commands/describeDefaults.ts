import type { Command } from 'commander';

/** Returns a default as a user would write it; commander prints JSON. */
function writtenDefault(value: unknown): string {
  if (value instanceof Map)
    return writtenDefault([...value.entries()].map(([key, held]) => `${key}=${held}`));
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return String(value);
}

/** Has `--help` print the defaults of a program and its commands as a user would write them. */
export function describeDefaults(command: Command): void {
  for (const sub of command.commands) describeDefaults(sub);
  for (const option of command.options)
    if (option.defaultValue !== undefined)
      option.default(option.defaultValue, writtenDefault(option.defaultValue));
}
