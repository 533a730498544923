import { GatewayError } from '../../src/domain/errors';
import { type Contender, modelContender } from '../../src/evaluation/contender';
import { type Tuned, tune } from '../../src/evaluation/tune';

const search = (measure: (contender: Contender) => Promise<number>, metric = 'ndcg@10'): Promise<Tuned> =>
  tune(modelContender('text-cnn', {}), { trials: 40, seed: 1, metric, measure });

it('continues when a model refuses a combination of drawn settings', async () => {
  const { trials, contender } = await search(async ({ config }) => {
    const width = Number(config['rank'] ?? 1);
    if (width > 1 && width % 2 === 1)
      throw new GatewayError('BAD_USER_INPUT', 'Expected an even width; got another. Choose one.');
    return width;
  });
  expect(trials).toHaveLength(40);
  const widths = trials.flatMap(({ config, value }) => (value > 1 ? [Number(config['rank'])] : []));
  expect(widths.length).toBeGreaterThan(0);
  expect(widths.length).toBeLessThan(39);
  expect(contender.config['rank']).toBe(Math.max(...widths));
});

it('keeps the settings as given when every trial fails', async () => {
  const refuse = async (): Promise<number> => {
    throw new GatewayError('TRAINING_DATA_INSUFFICIENT', 'Expected more; got less. Add some.');
  };
  const { trials, contender } = await search(refuse);
  expect(trials.every(({ value }) => Number.isNaN(value))).toBe(true);
  expect(contender.config).toEqual({});
});
