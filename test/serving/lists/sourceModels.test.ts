import { sourceModelsOf } from '../../../src/serving/lists/sourceModels';
import type { LiveModel } from '../../../src/serving/live/liveModel';

const live = (
  name: string,
  servesAs: 'MODEL' | 'POPULAR',
  ndcg?: number,
  popularity = 0.1,
): [string, LiveModel] => {
  const metrics = ndcg === undefined ? {} : { 'ndcg@20': ndcg, 'baseline:ndcg@20': popularity };
  return [name, { card: { name, servesAs, capabilities: [] }, record: { metrics } } as unknown as LiveModel];
};
const namesOf = (models: readonly LiveModel[]): readonly string[] => models.map(({ card }) => card.name);
const order = ['factors', 'neighbours', 'rising', 'popular'];

describe('sourceModelsOf', () => {
  it('asks the model that measured best on the shop first, even the simplest', () => {
    const models = new Map([
      live('factors', 'MODEL', 0.11),
      live('neighbours', 'MODEL', 0.16),
      live('popular', 'POPULAR', 0.9),
    ]);
    const { chain, wanted } = sourceModelsOf(models, order, null);
    expect(namesOf(wanted)).toEqual(['neighbours', 'factors']);
    expect(namesOf(chain)).toEqual(['neighbours', 'factors', 'popular']);
  });

  it('compares figures divided by that of popularity on the same held-out products', () => {
    const easyDay = live('factors', 'MODEL', 0.3, 0.25);
    const hardDay = live('neighbours', 'MODEL', 0.1, 0.04);
    expect(namesOf(sourceModelsOf(new Map([easyDay, hardDay]), order, null).chain)).toEqual([
      'neighbours',
      'factors',
    ]);
  });

  it('puts models without a comparable figure last, and gives no weight to figures near 0', () => {
    const [, alone] = live('factors', 'MODEL', 0.9);
    const unmeasured = { ...alone, record: { ...alone.record, metrics: { 'ndcg@20': 0.9 } } };
    const lucky = live('rising', 'MODEL', 0.0001, 0);
    const models = new Map([['factors', unmeasured] as const, live('neighbours', 'MODEL', 0.12), lucky]);
    expect(namesOf(sourceModelsOf(models, order, null).chain)).toEqual(['neighbours', 'rising', 'factors']);
  });

  it('keeps the order of the config among models with equal figures or none', () => {
    const models = new Map([live('zeta', 'MODEL'), live('neighbours', 'MODEL'), live('factors', 'MODEL')]);
    expect(namesOf(sourceModelsOf(models, order, null).chain)).toEqual(['factors', 'neighbours', 'zeta']);
  });

  it('asks the strategy named in the request first', () => {
    const models = new Map([live('factors', 'MODEL', 0.11), live('neighbours', 'MODEL', 0.16)]);
    const { chain } = sourceModelsOf(models, order, { name: 'factors', servesAs: 'MODEL' });
    expect(namesOf(chain)).toEqual(['factors', 'neighbours']);
  });
});
