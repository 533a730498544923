import { fakeTags } from '../support/fakeTags';
import { eachWithInterests } from '../support/interestBench';

const bench = eachWithInterests();

const update = (input: string) =>
  `mutation { interestTagUpdate(input: { ${input} }) { tag { tagId name names { locale name isEdited } isHidden isPinned } userErrors { field code message } } }`;
const merge = (from: string, into: string) =>
  `mutation { interestTagMerge(input: { fromTagId: "${from}", intoTagId: "${into}" }) { tag { tagId productCount mergedTags { tagId } } userErrors { field code } } }`;
const listed = '{ interestTags { nodes { tagId name productCount audienceSize } } }';

describe('edits of tags', () => {
  it('rename a tag in each language, and restore the learned name', async () => {
    const renamed = await bench.ask(
      bench.staff,
      update(
        'tagId: "garden", names: [{ locale: "zh-CN", name: " 园艺 " }, { locale: "de", name: "Garten" }]',
      ),
    );
    expect(renamed['interestTagUpdate']).toMatchObject({
      userErrors: [],
      tag: {
        names: [
          { locale: 'de', name: 'Garten', isEdited: true },
          { locale: 'en', name: 'Garden', isEdited: false },
          { locale: 'zh', name: '园艺', isEdited: true },
        ],
      },
    });
    // Anna reads German.
    const names = await bench.ask(
      bench.shopper,
      '{ interestTag(tagId: "garden") { name en: name(locale: "en-GB") fr: name(locale: "fr") } }',
    );
    expect(names).toEqual({ interestTag: { name: 'Garten', en: 'Garden', fr: 'Garden' } });
    await bench.ask(bench.staff, update('tagId: "garden", names: [{ locale: "zh", name: null }]'));
    expect(
      await bench.ask(bench.storefront, '{ interestTag(tagId: "garden") { name(locale: "zh") } }'),
    ).toEqual({
      interestTag: { name: '花园' },
    });
  });

  it.each([
    ['twice', 'fr', 'fr'],
    ['in two spellings', 'fr', 'FR'],
    ['in two regions', 'zh-Hans', 'zh-Hant-HK'],
  ])('refuse two names in one language: %s', async (_how, one, other) => {
    const names = `[{ locale: "${one}", name: "A" }, { locale: "${other}", name: "B" }]`;
    const refused = await bench.ask(bench.staff, update(`tagId: "garden", names: ${names}`));
    expect(refused['interestTagUpdate']).toMatchObject({
      tag: null,
      userErrors: [{ field: ['input', 'names'], code: 'INVALID', message: expect.stringMatching(/once/) }],
    });
  });

  it('hide a tag from all but staff, and pin it to the top', async () => {
    await bench.ask(bench.staff, update('tagId: "kitchen", isHidden: true'));
    await bench.ask(bench.staff, update('tagId: "sport", isPinned: true'));
    const seen = await bench.ask(
      bench.storefront,
      '{ interestTags { nodes { tagId } } interestTag(tagId: "kitchen") { tagId } product(productId: "p00") { interestTags { tag { tagId } } } }',
    );
    expect(seen).toEqual({
      interestTags: { nodes: [{ tagId: 'sport' }, { tagId: 'living' }, { tagId: 'garden' }] },
      interestTag: null,
      product: { interestTags: [{ tag: { tagId: 'garden' } }] },
    });
    expect(Object.keys(await bench.weights())).not.toContain('kitchen');
    const all = await bench.ask(
      bench.staff,
      '{ interestTags(includeHidden: true) { nodes { tagId isHidden } } interestTag(tagId: "kitchen") { isHidden } }',
    );
    expect((all['interestTags'] as { nodes: unknown[] }).nodes).toHaveLength(4);
    expect(all['interestTag']).toEqual({ isHidden: true });
    expect(
      await bench.refusal(bench.storefront, '{ interestTags(includeHidden: true) { nodes { tagId } } }'),
    ).toBe('FORBIDDEN');
    await bench.ask(bench.staff, update('tagId: "kitchen", isHidden: false'));
    expect(Object.keys(await bench.weights())).toContain('kitchen');
  });
});

describe('merges of tags', () => {
  it('add up weights, and the old id returns the merged tag; undoing restores everything', async () => {
    const before = await bench.weights();
    const listedBefore = await bench.ask(bench.staff, listed);
    const merged = await bench.ask(bench.staff, merge('kitchen', 'garden'));
    expect(merged['interestTagMerge']).toEqual({
      tag: { tagId: 'garden', productCount: 20, mergedTags: [{ tagId: 'kitchen' }] },
      userErrors: [],
    });
    const after = await bench.weights();
    expect(after['garden']).toBeCloseTo(before['garden'] + before['kitchen']);
    expect(after['kitchen']).toBeUndefined();
    expect(
      await bench.ask(
        bench.storefront,
        '{ interestTag(tagId: "kitchen") { tagId } product(productId: "p10") { interestTags { weight tag { tagId } } } }',
      ),
    ).toEqual({
      interestTag: { tagId: 'garden' },
      product: { interestTags: [{ weight: 1, tag: { tagId: 'garden' } }] },
    });
    const audience = await bench.ask(
      bench.staff,
      '{ interestTag(tagId: "garden") { users { nodes { userId weight } } } }',
    );
    const { nodes } = (audience['interestTag'] as { users: { nodes: { userId: string; weight: number }[] } })
      .users;
    expect(nodes.find(({ userId }) => userId === 'anna')?.weight).toBeCloseTo(after['garden'], 3);
    const undone = await bench.ask(
      bench.staff,
      'mutation { interestTagUnmerge(tagId: "kitchen") { tag { tagId } userErrors { code } } }',
    );
    expect(undone['interestTagUnmerge']).toEqual({ tag: { tagId: 'kitchen' }, userErrors: [] });
    expect(await bench.weights()).toEqual(before);
    expect(await bench.ask(bench.staff, listed)).toEqual(listedBefore);
  });
});

describe('edits of tags and trainings', () => {
  it('edits persist across trainings, also across one that does not find the tag', async () => {
    await bench.ask(
      bench.staff,
      update('tagId: "garden", isPinned: true, names: [{ locale: "en", name: "Gardening" }]'),
    );
    await bench.ask(bench.staff, update('tagId: "sport", isHidden: true'));
    await bench.ask(bench.staff, merge('kitchen', 'garden'));
    await bench.publish();
    const tags = fakeTags.tags.filter(({ id }) => id === 'kitchen' || id === 'sport');
    await bench.publish({ ...fakeTags, tags }, 'tags-v3');
    const data = await bench.ask(
      bench.staff,
      '{ interestTags(includeHidden: true) { nodes { tagId name isPinned isHidden isActive modelVersion mergedTags { tagId } } } }',
    );
    expect((data['interestTags'] as { nodes: unknown[] }).nodes).toEqual([
      {
        ...{ tagId: 'garden', name: 'Gardening', isPinned: true, isHidden: false, isActive: true },
        ...{ modelVersion: 'tags-v2', mergedTags: [{ tagId: 'kitchen' }] },
      },
      {
        ...{ tagId: 'living', name: 'Living', isPinned: false, isHidden: false, isActive: true },
        ...{ modelVersion: 'tags-v2', mergedTags: [] },
      },
      {
        ...{ tagId: 'sport', name: 'Sport', isPinned: false, isHidden: true, isActive: true },
        ...{ modelVersion: 'tags-v3', mergedTags: [] },
      },
    ]);
  });
});

describe('invalid edits', () => {
  it.each([
    ['an unknown tag', update('tagId: "nothing", isHidden: true'), 'NOT_FOUND'],
    ['an empty name', update('tagId: "garden", names: [{ locale: "en", name: " " }]'), 'INVALID'],
    ['no language', update('tagId: "garden", names: [{ locale: "English", name: "x" }]'), 'INVALID'],
    ["another tag's name", update('tagId: "garden", names: [{ locale: "en", name: "kitchen" }]'), 'INVALID'],
    ['a merge with itself', merge('garden', 'garden'), 'INVALID'],
    ['a merge of a narrow tag with its wider one', merge('garden', 'living'), 'INVALID'],
    ['a merge of a wide tag with one of its own', merge('living', 'garden'), 'INVALID'],
    ['a merge of nothing', merge('nothing', 'garden'), 'NOT_FOUND'],
    ['a merge with nothing', merge('garden', 'nothing'), 'NOT_FOUND'],
    [
      'to undo a merge that is none',
      'mutation { interestTagUnmerge(tagId: "garden") { tag { tagId } userErrors { code } } }',
      'NOT_FOUND',
    ],
  ])('%s: refused as data', async (_, query, code) => {
    const [payload] = Object.values(await bench.ask(bench.staff, query)) as never as {
      tag: unknown;
      userErrors: { code: string }[];
    }[];
    expect(payload.tag).toBeNull();
    expect(payload.userErrors.map(error => error.code)).toEqual([code]);
  });

  it('a cycle of merges is refused', async () => {
    await bench.ask(bench.staff, merge('kitchen', 'garden'));
    const circle = await bench.ask(bench.staff, merge('garden', 'kitchen'));
    expect(circle['interestTagMerge']).toMatchObject({ tag: null, userErrors: [{ code: 'INVALID' }] });
  });

  it('edits are allowed to staff only', async () => {
    for (const credential of [bench.shopper, bench.storefront, await bench.gateway.token('INGEST')])
      expect(await bench.refusal(credential, merge('kitchen', 'garden'))).toBe('FORBIDDEN');
  });
});

it('edits of a shop are invisible to other shops', async () => {
  const rival = await bench.gateway.token('MERCHANDISER', { shop: 'rival' });
  await bench.ask(bench.staff, update('tagId: "garden", names: [{ locale: "en", name: "Mine" }]'));
  expect(
    await bench.ask(rival, '{ interestTag(tagId: "garden") { name(locale: "en") audienceSize } }'),
  ).toEqual({
    interestTag: { name: 'Garden', audienceSize: 0 },
  });
});
