import {
  type NumberSetting,
  type Setting,
  type SettingOverrides,
  type Settings,
  type SettingValues,
  settingValuesOf,
} from '../../learning/settings';

/** A kind of model that may take part, as the registry lists it. */
export interface Part {
  /** The model's name: kebab-case. */
  readonly name: string;
  readonly settings: Settings;
  /** Whether it takes part by default; slow models do not. */
  readonly isDefault: boolean;
}

const ownSettings = {
  trialUsers: {
    meaning: 'Maximum number of shoppers on whose latest choices the weights are chosen.',
    default: 2000,
    minimum: 10,
    maximum: 100_000,
    isInteger: true,
  },
  holdOutShare: {
    meaning: 'Share of a shopper’s products that the trial holds out where events have no order in time.',
    default: 0.2,
    minimum: 0.01,
    maximum: 0.9,
    isInteger: false,
  },
} as const satisfies Settings;

/** Stands for a weight that training chooses on a trial: `auto` in settings. */
export const automaticWeight = -1;

/** kebab-case → camelCase: names of settings are identifiers. */
export const settingNameOf = (model: string): string =>
  model.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const weightSetting = ({ name, isDefault }: Part): NumberSetting => ({
  meaning: `Weight of ${name}. auto: chosen on a trial; 0: ${name} is not trained.`,
  default: isDefault ? automaticWeight : 0,
  auto: automaticWeight,
  minimum: 0,
  maximum: 100,
  isInteger: false,
});

/** Returns a setting of a part, with its former names prefixed by the part. */
const underPart = ({ name }: Part, setting: Setting): Setting =>
  setting.formerNames === undefined
    ? setting
    : { ...setting, formerNames: setting.formerNames.map(former => `${settingNameOf(name)}_${former}`) };

/** Returns all settings: its own, a weight per part, and each part's settings as `<part>_<setting>`. */
export function ensembleSettings(parts: readonly Part[]): Settings {
  const weights = parts.map(part => [settingNameOf(part.name), weightSetting(part)] as const);
  const inner = parts.flatMap(part =>
    Object.entries(part.settings).map(
      ([name, setting]) => [`${settingNameOf(part.name)}_${name}`, underPart(part, setting)] as const,
    ),
  );
  return { ...ownSettings, ...Object.fromEntries(weights), ...Object.fromEntries(inner) };
}

/** Returns the settings of one part among the ensemble's overrides. */
export function settingsOfPart(part: Part, overrides: SettingOverrides): SettingOverrides {
  const prefix = `${settingNameOf(part.name)}_`;
  const own = Object.entries(overrides).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Returns the settings of the trial on which weights are chosen. */
export function trialSettingsOf(overrides: SettingOverrides): SettingValues<typeof ownSettings> {
  const own = Object.entries(overrides).filter(([name]) => Object.hasOwn(ownSettings, name));
  return settingValuesOf(ownSettings, Object.fromEntries(own));
}
