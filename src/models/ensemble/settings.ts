import type { Setting, Settings } from '../../learning/settings';

/** A kind of model that may take part, as the registry lists it. */
export interface Part {
  /** The model's name: kebab-case. */
  readonly name: string;
  readonly settings: Settings;
  /** Whether it takes part when nobody says: slow ones do not. */
  readonly isDefault: boolean;
}

const ownSettings = {
  trialUsers: {
    meaning: 'Shoppers on whose held-out products the weights are chosen, at most.',
    default: 2000,
    minimum: 10,
    maximum: 100_000,
    isInteger: true,
  },
  holdOutShare: {
    meaning: 'Share of a shopper’s products held out in the trial where the events have no order in time.',
    default: 0.2,
    minimum: 0.01,
    maximum: 0.9,
    isInteger: false,
  },
} as const satisfies Settings;

/** A weight that is to be chosen on the trial. */
export const learned = -1;

/** kebab-case → camelCase: names of settings are identifiers. */
export const settingNameOf = (model: string): string =>
  model.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const weightSetting = ({ name, isDefault }: Part): Setting => ({
  meaning: `Weight of ${name}. ${learned}: chosen on a trial; 0: left out; above: as given, without looking.`,
  default: isDefault ? learned : 0,
  minimum: learned,
  maximum: 100,
  isInteger: false,
});

/** All settings: its own, a weight for each part, and each part's settings as `<part>_<setting>`. */
export function ensembleSettings(parts: readonly Part[]): Settings {
  const weights = parts.map(part => [settingNameOf(part.name), weightSetting(part)] as const);
  const inner = parts.flatMap(part =>
    Object.entries(part.settings).map(
      ([setting, value]) => [`${settingNameOf(part.name)}_${setting}`, value] as const,
    ),
  );
  return { ...ownSettings, ...Object.fromEntries(weights), ...Object.fromEntries(inner) };
}

/** The settings of one part among the ensemble's overrides. */
export function settingsOfPart(
  part: Part,
  overrides: Readonly<Record<string, number>>,
): Record<string, number> {
  const prefix = `${settingNameOf(part.name)}_`;
  const own = Object.entries(overrides).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
