import { GatewayError } from '../../src/domain/errors';
import { modelByName, modelFactories } from '../../src/models/registry';

describe('the registry', () => {
  it('knows every model by the name on its card', () => {
    for (const factory of modelFactories) expect(modelByName(factory.name).card.name).toBe(factory.name);
  });

  it('takes every setting at its default and at both ends', () => {
    for (const { create, settings } of modelFactories) {
      for (const [name, { default: value, minimum, maximum }] of Object.entries(settings)) {
        for (const allowed of [value, minimum, maximum])
          expect(() => create({ [name]: allowed })).not.toThrow();
        expect(() => create({ [name]: maximum + 1 })).toThrow(GatewayError);
        expect(() => create({ [name]: minimum - 1 })).toThrow(GatewayError);
      }
    }
  });

  it('lists the models it has when asked for another', () => {
    expect(() => modelByName('oracle')).toThrow(
      /^Expected a model among popularity, trending, item-neighbours.*; got oracle\. /,
    );
  });

  it('lists the settings a model has when given another', () => {
    expect(() => modelByName('trending', { halflife: 3 })).toThrow(
      'Expected a setting among halfLifeDays; got halflife.',
    );
  });

  it('refuses a fraction where a whole number is meant', () => {
    expect(() => modelByName('item-neighbours', { neighbours: 1.5 })).toThrow(
      'Expected neighbours an integer from 1 to 5000; got 1.5.',
    );
  });
});
