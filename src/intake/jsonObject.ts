/** An object as JSON has it: named values of any kind. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a value is an object that is neither null nor a list. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
