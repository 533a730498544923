import { oncePer } from '../../src/learning/oncePer';

describe('oncePer', () => {
  const data = { rows: 3 };

  it('computes once per source and key', async () => {
    const asked: string[] = [];
    const of = oncePer(
      (seed: number) => String(seed),
      async ({ rows }: { readonly rows: number }, seed) => {
        asked.push(`${rows} ${seed}`);
        return rows * seed;
      },
    );
    expect(await Promise.all([of(data, 1), of(data, 1), of(data, 2), of({ rows: 4 }, 1)])).toEqual([
      3, 3, 6, 4,
    ]);
    expect(asked).toEqual(['3 1', '3 2', '4 1']);
  });

  it('computes again after a failure', async () => {
    let tries = 0;
    const of = oncePer(
      () => '',
      async (_: object) => {
        if (++tries === 1) throw new Error('cancelled');
        return tries;
      },
    );
    await expect(of(data)).rejects.toThrow('cancelled');
    expect(await of(data)).toBe(2);
  });
});
