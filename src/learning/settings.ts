import { GatewayError } from '../domain/errors';

/** One setting of a model: what it is, what it is when nobody says, and how far it may go. */
export interface Setting {
  readonly meaning: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isInteger: boolean;
  /** Where `affinity evaluate --tune` looks; from the default and the limits when left out. */
  readonly tune?: { readonly low: number; readonly high: number; readonly scale: 'linear' | 'log' };
}

/** The settings of a model by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** Values for all of a model's settings. */
export type SettingValues<S extends Settings> = { readonly [Name in keyof S]: number };

const invalid = (expected: string, got: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', `Expected ${expected}; got ${got}. Correct it or leave it out.`, {
    expected,
    got,
  });

/**
 * The defaults with some replaced.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a name the model does not have (the message lists those it has) or a value
 * out of range
 */
export function settingValuesOf<S extends Settings>(
  settings: S,
  overrides: Readonly<Record<string, number>> = {},
): SettingValues<S> {
  const known = new Map(Object.entries(settings));
  for (const [name, value] of Object.entries(overrides)) {
    const setting = known.get(name);
    if (!setting) throw invalid(`a setting among ${[...known.keys()].join(', ') || '(none)'}`, name);
    const { minimum, maximum, isInteger } = setting;
    const isWithin = value >= minimum && value <= maximum && (!isInteger || Number.isInteger(value));
    if (!isWithin)
      throw invalid(
        `${name} ${isInteger ? 'an integer' : 'a number'} from ${minimum} to ${maximum}`,
        `${value}`,
      );
  }
  const values = [...known].map(([name, setting]) => [name, overrides[name] ?? setting.default]);
  return Object.fromEntries(values) as SettingValues<S>;
}
