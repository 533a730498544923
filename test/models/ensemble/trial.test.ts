import { trialAnswers, trialOf } from '../../../src/models/ensemble/trial';
import type { Scorer } from '../../../src/models/model';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const hour = 3_600_000;
const users = 40;

/** Shoppers who view two products and buy a third; in the latest tenth each buys the first of the two, and a new one. */
function viewsThenPurchases(): TestEvent[] {
  const events: TestEvent[] = [];
  for (let user = 0; user < users; user++) {
    const at = (place: number) => ({ user: `u${user}`, product: `p${(user + place) % 30}` });
    for (let time = 0; time < 6; time++) events.push({ ...at(0), at: (user + 50 * time) * hour });
    for (let time = 0; time < 6; time++) events.push({ ...at(1), at: (user + 50 * time + 25) * hour });
    for (let time = 0; time < 5; time++)
      events.push({ ...at(2), at: (user + 50 * time + 10) * hour, type: 'PURCHASE' });
  }
  for (let user = 0; user < users; user++) {
    for (const place of [0, 3])
      events.push({
        user: `u${user}`,
        product: `p${(user + place) % 30}`,
        at: (1000 + user) * hour,
        type: 'PURCHASE',
      });
  }
  return events;
}

/** Scores each product by its row. */
const byRow = ({ products }: Snapshot): Scorer => ({
  products,
  scoreInto(histories, out) {
    for (let index = 0; index < histories.length; index++)
      for (let row = 0; row < products.size; row++) out[index * products.size + row] = row;
  },
});

async function answersOf(events: readonly TestEvent[]) {
  const trial = await trialOf(await snapshotOf([...events]), 0.2, 1);
  return [...trialAnswers([byRow(trial.split.train)], trial, 1000, 1)];
}

describe('trialAnswers', () => {
  it('tells what shoppers chose of what they had viewed, and of all that they had met', async () => {
    const answers = await answersOf(viewsThenPurchases());
    expect(answers.length).toBeGreaterThan(0);
    for (const { bought, liked } of answers) {
      // One of the three products that they met is bought again; nothing tells repeats, so all are open.
      for (const later of [bought, liked]) {
        expect(later?.count).toBe(2);
        expect([...(later?.met.isChosen ?? [])].toSorted()).toEqual([0, 0, 1]);
        expect(later?.viewed.isChosen).toHaveLength(3);
        expect(later?.repeats.rows).toHaveLength(0);
      }
    }
  });

  it('asks for what a shopper viewed and then bought, beside what is new to them', async () => {
    const answers = await answersOf(viewsThenPurchases());
    expect(answers.length).toBeGreaterThan(0);
    for (const { question, unbought } of answers) {
      expect(question.relevant).toBe(1);
      expect(unbought?.relevant).toBe(2);
      // The two viewed products are candidates there; the bought one is not.
      expect(unbought?.candidates).toBe(question.candidates + 2);
      expect(unbought?.scores.some(Number.isNaN)).toBe(false);
    }
  });

  it('asks nothing about viewed products where shoppers only buy', async () => {
    const bought = viewsThenPurchases().map(event => ({ ...event, type: 'PURCHASE' as const }));
    const answers = await answersOf(bought);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every(({ unbought }) => unbought === null)).toBe(true);
  });
});
