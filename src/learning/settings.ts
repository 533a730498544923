import { GatewayError } from '../domain/errors';

/** What every setting states. */
interface DescribedSetting {
  readonly meaning: string;
  /** Names that it had before: they are refused, and the message gives the new name. */
  readonly formerNames?: readonly string[];
}

/** A setting that is a number. */
export interface NumberSetting extends DescribedSetting {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isInteger: boolean;
  /** Search range of `affinity evaluate --tune`; derived from the default and the limits when left out. */
  readonly tune?: { readonly low: number; readonly high: number; readonly scale: 'linear' | 'log' };
  /**
   * The value that represents `auto` in the model's code: the model chooses from the data. It is outside the range minimum to
   * maximum, so that it cannot be set by accident.
   */
  readonly auto?: number;
}

/** A setting that is one of several words. */
export interface ChoiceSetting extends DescribedSetting {
  readonly default: string;
  readonly choices: readonly string[];
  /** Numbers that stood for choices in artifacts of earlier versions, with the choice of each. */
  readonly formerValues?: Readonly<Record<string, string>>;
}

/** One setting of a model or an insight: its meaning, default and limits. */
export type Setting = NumberSetting | ChoiceSetting;

/** The settings of a model by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** A value as it is given: `auto` only where the setting allows it. */
export type SettingValue = number | string;

/** Given values by name; settings that are not named have their defaults. */
export type SettingOverrides = Readonly<Record<string, SettingValue>>;

type ValueOf<S> = S extends { readonly choices: readonly (infer Choice)[] } ? Choice : number;

/** Values of all of a model's settings. */
export type SettingValues<S extends Settings> = { readonly [Name in keyof S]: ValueOf<S[Name]> };

/** Returns whether a setting is one of several words. */
export const isChoice = (setting: Setting): setting is ChoiceSetting => 'choices' in setting;

const invalid = (expected: string, got: string, remedy: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', `Expected ${expected}; got ${got}. ${remedy}`, { expected, got });

/** Describes the values that a setting allows, for messages and help: `an integer from 1 to 8, or auto`. */
export function describeValues(setting: Setting): string {
  if (isChoice(setting)) return setting.choices.join(' or ');
  const { minimum, maximum, isInteger, auto } = setting;
  const range = `${isInteger ? 'an integer' : 'a number'} from ${minimum} to ${maximum}`;
  return auto === undefined ? range : `${range}, or auto`;
}

/** The default as a user would write it. */
export const writtenDefault = (setting: Setting): SettingValue =>
  !isChoice(setting) && setting.default === setting.auto ? 'auto' : setting.default;

/** Returns the value as the model's code reads it; undefined when the setting does not allow it. */
function readValue(setting: Setting, value: SettingValue): SettingValue | undefined {
  if (isChoice(setting)) return setting.choices.find(choice => choice === value);
  const { minimum, maximum, isInteger, auto } = setting;
  if (value === 'auto') return auto;
  const isWithin = typeof value === 'number' && value >= minimum && value <= maximum;
  return isWithin && (!isInteger || Number.isInteger(value)) ? value : undefined;
}

function unknownSetting(settings: Settings, name: string): GatewayError {
  const entries = Object.entries(settings);
  const renamed = entries.find(([, { formerNames = [] }]) => formerNames.includes(name));
  if (renamed) return invalid(`the setting ${renamed[0]}`, `its former name ${name}`, 'Use the new name.');
  const known = entries.map(([key]) => key).join(', ') || '(none)';
  return invalid(`a setting among ${known}`, name, 'Correct it or leave it out.');
}

/**
 * The defaults, with some values replaced.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a name that the model does not have (the message lists the names, or gives the
 * new one of a renamed setting) or a value that the setting does not allow
 */
export function settingValuesOf<S extends Settings>(
  settings: S,
  overrides: SettingOverrides = {},
): SettingValues<S> {
  const values = new Map<string, SettingValue>(
    Object.entries(settings).map(([name, setting]) => [name, setting.default]),
  );
  for (const [name, given] of Object.entries(overrides)) {
    const setting = new Map(Object.entries(settings)).get(name);
    if (!setting) throw unknownSetting(settings, name);
    const value = readValue(setting, given);
    if (value === undefined) {
      throw invalid(`${name}: ${describeValues(setting)}`, `${given}`, 'Correct it or leave it out.');
    }
    values.set(name, value);
  }
  return Object.fromEntries(values) as SettingValues<S>;
}

/** As {@link readValue}, of a stored value: the value for `auto` was stored as a number. */
function readStored(setting: Setting, stored: string | number | boolean): SettingValue | undefined {
  if (typeof stored === 'boolean') return undefined;
  if (isChoice(setting)) return readValue(setting, setting.formerValues?.[`${stored}`] ?? stored);
  return stored === setting.auto ? stored : readValue(setting, stored);
}

/**
 * The settings in an artifact's header, also under names and numbers of earlier versions. Other entries of the header are
 * ignored, and a setting that it lacks has its default.
 *
 * @param stored - `header.config` of the artifact
 * @throws {GatewayError} BAD_USER_INPUT on a value that the setting does not allow
 */
export function storedSettingsOf<S extends Settings>(
  settings: S,
  stored: Readonly<Record<string, string | number | boolean>>,
): SettingValues<S> {
  const values = Object.entries<Setting>(settings).map(([name, setting]): [string, SettingValue] => {
    const names = [name, ...(setting.formerNames ?? [])];
    const found = names.map(key => stored[key]).find(value => value !== undefined);
    if (found === undefined) return [name, setting.default];
    const value = readStored(setting, found);
    if (value !== undefined) return [name, value];
    throw invalid(`${name}: ${describeValues(setting)}`, `${found}`, 'Train the model again.');
  });
  return Object.fromEntries(values) as SettingValues<S>;
}
