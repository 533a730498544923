import { GatewayError } from '../../src/domain/errors';
import { untilAvailable } from '../../src/main/untilAvailable';

const unavailable = (): GatewayError => new GatewayError('UNAVAILABLE', 'Expected a response; got none.');

it('repeats work until it succeeds', async () => {
  let times = 0;
  const result = await untilAvailable(async () => {
    times++;
    if (times < 3) throw unavailable();
    return 'done';
  });
  expect([result, times]).toEqual(['done', 3]);
});

it('throws another error at once', async () => {
  let times = 0;
  const work = async (): Promise<never> => {
    times++;
    throw new TypeError('bug');
  };
  await expect(untilAvailable(work)).rejects.toThrow(TypeError);
  expect(times).toBe(1);
});

it('gives up after half a minute', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(31_000);
  await expect(untilAvailable(() => Promise.reject(unavailable()))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  now.mockRestore();
});
