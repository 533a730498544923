import { readLimited } from '../../../src/store/encoders/readLimited';

it('reads up to the limit, and rejects more', async () => {
  expect(await readLimited(new Response('杯子'), 6)).toBe('杯子');
  expect(await readLimited(new Response(null), 6)).toBe('');
  await expect(readLimited(new Response('杯子s'), 6)).rejects.toMatchObject({ code: 'ENCODER_INVALID' });
});
