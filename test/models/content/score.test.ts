import { documentOf, hobbies, scoresFor, trainedOn } from './support';

it('ranks a product without events by the words of one clicked product', async () => {
  const scorer = await trainedOn(await hobbies());
  const score = scoresFor(scorer, ['rod3']);
  for (const other of ['pan9', 'apron9']) expect(score('rod9')).toBeGreaterThan(score(other));
});

it('learns from the spectral embedding which words belong together although no text shares them', async () => {
  const score = scoresFor(await trainedOn(await hobbies()), ['rod3']);
  expect(score('boot9')).toBeGreaterThan(score('pan9'));
  const byWords = scoresFor(await trainedOn(await hobbies(), { likenessWeight: 100, standingWeight: 0 }), [
    'rod1',
  ]);
  expect(byWords('boot9') - byWords('pan9')).toBeLessThan(byWords('rod9') - byWords('boot9'));
});

it('admits products with known words, in either language, and one without any', async () => {
  const scorer = await trainedOn(await hobbies());
  const admitted = scorer.admit(
    new Map([
      ['new-rod', documentOf('黑色 rod')],
      ['new-pan', documentOf('grey pan')],
      ['riddle', documentOf('unheard-of')],
    ]),
  );
  const score = scoresFor(admitted, ['rod3', 'boot2']);
  expect(score('new-rod')).toBeGreaterThan(score('new-pan'));
  expect(score('riddle')).toBeLessThan(score('new-rod'));
  expect(scoresFor(admitted, ['new-rod'])('boot9')).toBeGreaterThan(scoresFor(admitted, ['new-rod'])('pan9'));
});

it('scores an admitted product like one of the training', async () => {
  // rod8 and twin have the same words; only rod8 has shoppers.
  const quiet = await trainedOn(await hobbies(), { standingWeight: 0 });
  const twin = quiet.admit(new Map([['twin', documentOf('green rod')]]));
  const score = scoresFor(twin, ['pan1', 'rod3']);
  expect(score('twin')).toBeCloseTo(score('rod8'), 5);
});

it('lowers products similar to a disliked one', async () => {
  const scorer = await trainedOn(await hobbies());
  const history = {
    productRows: Uint32Array.of(scorer.products.rowOf('rod3')),
    weights: Float32Array.of(-5),
    occurredAt: Float64Array.of(0),
    now: 1,
  };
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([history], out);
  expect(out[scorer.products.rowOf('rod9')]).toBeLessThan(out[scorer.products.rowOf('pan9')]);
});

it('refuses a history with unknown rows', async () => {
  const scorer = await trainedOn(await hobbies());
  const history = {
    productRows: Uint32Array.of(scorer.products.size),
    weights: Float32Array.of(1),
    occurredAt: Float64Array.of(0),
    now: 1,
  };
  expect(() => scorer.scoreInto([history], new Float32Array(scorer.products.size))).toThrow(RangeError);
});

it('ranks the most similar product first', async () => {
  const scorer = await trainedOn(await hobbies());
  const out = new Float32Array(scorer.products.size);
  scorer.similarInto(scorer.products.rowOf('pan9'), out);
  const best = out.reduce((top, value, row) => (value > out[top] || Number.isNaN(out[top]) ? row : top), 0);
  expect(scorer.products.idOf(best)).toMatch(/^pan/);
});

it('reads an unknown word by its character n-grams when word vectors are on', async () => {
  const scorer = await trainedOn(await hobbies(), { wordVectorWeight: 1 });
  const admitted = scorer.admit(new Map([['new', documentOf('aprons4you')]]));
  expect(scoresFor(admitted, ['apron1'])('new')).toBeGreaterThan(scoresFor(admitted, ['rod1'])('new'));
});

it('refuses a snapshot without documents', async () => {
  const { documents: _, ...silent } = await hobbies();
  await expect(trainedOn(silent)).rejects.toMatchObject({ code: 'TRAINING_DATA_INSUFFICIENT' });
});
