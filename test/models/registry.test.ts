import { GatewayError } from '../../src/domain/errors';
import { isChoice, type Setting, type SettingValue, writtenDefault } from '../../src/learning/settings';
import { modelByName, modelFactories } from '../../src/models/registry';

/** Values at the limits of a setting, and values just beyond them. */
function boundsOf(setting: Setting): {
  readonly allowed: readonly SettingValue[];
  readonly refused: readonly SettingValue[];
} {
  if (isChoice(setting)) return { allowed: setting.choices, refused: [0, 'another'] };
  const { minimum, maximum } = setting;
  return {
    allowed: [writtenDefault(setting), minimum, maximum],
    refused: [minimum - 2, maximum + 1, 'another'],
  };
}

describe('the registry', () => {
  it('knows every model by the name on its card', () => {
    for (const factory of modelFactories) expect(modelByName(factory.name).card.name).toBe(factory.name);
  });

  it('accepts every setting at its default and at both limits', () => {
    for (const { create, settings } of modelFactories) {
      for (const [name, setting] of Object.entries(settings)) {
        const { allowed, refused } = boundsOf(setting);
        for (const value of allowed) expect(() => create({ [name]: value })).not.toThrow();
        for (const value of refused) expect(() => create({ [name]: value })).toThrow(GatewayError);
      }
    }
  });

  it('keeps the number that stands for auto out of a setting’s range', () => {
    for (const { settings } of modelFactories) {
      for (const setting of Object.values(settings)) {
        if (isChoice(setting) || setting.auto === undefined) continue;
        expect(setting.auto < setting.minimum || setting.auto > setting.maximum).toBe(true);
      }
    }
  });

  it('has no setting under the former name of another', () => {
    for (const { settings } of modelFactories) {
      const former = Object.values(settings).flatMap(({ formerNames = [] }) => formerNames);
      expect(former.filter(name => name in settings)).toEqual([]);
    }
  });

  it('names the new name of a renamed setting', () => {
    expect(() => modelByName('item-neighbours', { historyLimit: 9 })).toThrow(
      'Expected the setting maxLength; got its former name historyLimit. Use the new name.',
    );
  });

  it('lists the known models when given an unknown one', () => {
    expect(() => modelByName('oracle')).toThrow(
      /^Expected a model among popularity, trending, item-neighbours.*; got oracle\. /,
    );
  });

  it('lists the settings of a model when given an unknown one', () => {
    expect(() => modelByName('trending', { halflife: 3 })).toThrow(
      'Expected a setting among halfLifeDays; got halflife.',
    );
  });

  it('refuses a fraction for an integer setting', () => {
    expect(() => modelByName('item-neighbours', { neighbours: 1.5 })).toThrow(
      'Expected neighbours: an integer from 1 to 5000; got 1.5.',
    );
  });
});
