import { can, declares } from '../../src/models/capability';
import type { ModelCard, ModelOf, Scorer } from '../../src/models/model';
import { modelFactories } from '../../src/models/registry';
import { vocabularyOf } from '../../src/snapshot/vocabulary';

const plain: Scorer = { products: vocabularyOf(['a']), scoreInto: (_, out) => void out.fill(1) };
const similar: Scorer<'similar'> = { ...plain, similarInto: (_, out) => void out.fill(1) };

const card = {
  name: 'test',
  summary: 'For tests.',
  source: 'None.',
  needs: { events: 1, users: 1 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

describe('can', () => {
  it('returns whether a scorer has the members of a capability', () => {
    expect([can(plain, 'similar'), can(similar, 'similar'), can(similar, 'admit')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('requires every member of a capability', () => {
    const half: Scorer = { ...plain, ...{ evidenceOf: () => null } };
    expect(can(half, 'complements')).toBe(false);
    const more = { ...half, ...{ complementsInto: () => undefined } };
    expect(can(more, 'complements')).toBe(false);
    expect(can({ ...more, ...{ scoreCartInto: () => undefined } }, 'complements')).toBe(true);
  });

  it('narrows the type of a scorer to the capability that was checked, and no other', () => {
    const scorer: Scorer = similar;
    const out = new Float32Array(1);
    // @ts-expect-error a scorer may lack a method that was not checked
    scorer.similarInto(0, out);
    if (can(scorer, 'similar')) scorer.similarInto(0, out);
    expect([...out]).toEqual([1]);
  });
});

describe('the card of a model', () => {
  it('requires exactly the declared capabilities of its scorers', () => {
    const sound: ModelOf<typeof card>['load'] = () => similar;
    // @ts-expect-error a declared method is missing
    const lacking: ModelOf<typeof card>['load'] = () => plain;
    // @ts-expect-error a method that the card does not declare
    const undeclared: Scorer<'similar'> = { ...similar, rateInto: () => undefined };
    expect([sound, lacking, undeclared]).toHaveLength(3);
    expect([declares(card, 'similar'), declares(card, 'rate')]).toEqual([true, false]);
  });

  it('declares no capability twice', () => {
    for (const factory of modelFactories) {
      const { capabilities, trainedCapabilities = [] } = factory.create().card;
      const all = [...capabilities, ...trainedCapabilities];
      expect(new Set(all).size).toBe(all.length);
    }
  });
});
