import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeArtifact } from '../../src/artifact/decode';
import { type InteractionType, interactionCodes } from '../../src/domain/interaction';
import { firstActions } from '../../src/insights/nextAction/actions';
import { type LoadedForecaster, loadForecaster } from '../../src/insights/nextAction/load';
import { createStepReader } from '../../src/insights/nextAction/stepReader';

// Artifacts of the next action from before they named their actions: they load and predict what they predicted then.

interface Golden {
  readonly actions: readonly string[];
  /** Type, product and minute of each event. */
  readonly history: readonly string[];
  readonly artifacts: readonly {
    readonly servedBy: string;
    readonly bytes: string;
    readonly forecasts: readonly string[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(join(__dirname, 'nextAction.golden.json'), 'utf8'));
/** Figures have six significant digits; exp and tanh may differ in the last bit between versions of Node. */
const relativeTolerance = 1e-5;

/** The figures after each event: the probability of each action by name, of a purchase, and minutes. */
function figuresOf({ forecaster, vocabulary }: LoadedForecaster, history: readonly string[]): number[][] {
  const reader = createStepReader(vocabulary.actions);
  const state = forecaster.open();
  return history.map(line => {
    const [type, product, minute] = line.split(' ');
    const event = { product: Number(product), category: 1, price: 0.5, occurredAt: Number(minute) * 60_000 };
    const step = reader.take({ ...event, type: interactionCodes[type as InteractionType], session: -1 });
    if (step !== null) forecaster.step(state, step);
    const { actions, purchase, expectedMinutes } = forecaster.forecast(state);
    const byName = golden.actions.map(name => actions[vocabulary.actions.indexOf(name)]);
    return [...byName, purchase, expectedMinutes];
  });
}

it.each(golden.artifacts)(
  '$servedBy of an older gateway predicts what it predicted there',
  async artifact => {
    const reader = loadForecaster(await decodeArtifact(Buffer.from(artifact.bytes, 'base64')));
    expect(reader.servedBy).toBe(artifact.servedBy);
    expect(reader.vocabulary.actions).toEqual(golden.actions);
    for (const [index, figures] of figuresOf(reader, golden.history).entries()) {
      const expected = artifact.forecasts[index].split(' ').map(Number);
      for (const [place, figure] of figures.entries())
        expect(Math.abs(figure / expected[place] - 1)).toBeLessThan(relativeTolerance);
    }
  },
);

it('lists the actions of such artifacts in the order they were trained with', () => {
  expect(firstActions).toEqual(golden.actions);
});
