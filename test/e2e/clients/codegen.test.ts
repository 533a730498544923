import { type ClientFolder, createClientFolder, generatedClient, pageBlocks } from '../../support/clientPage';

let folder: ClientFolder;
beforeAll(() => {
  const [use] = pageBlocks('codegen.md', 'ts');
  folder = createClientFolder({ 'client.ts': generatedClient(), 'page.ts': use, 'wrong.ts': wrong(use) });
});
afterAll(() => folder.remove());

/** The code of the page without its handling of null. */
const wrong = (code: string): string => code.replace('if (!list) return [];', '');

describe('the code of docs/clients/codegen.md', () => {
  it('has the types that the generator makes', () => {
    expect(folder.typeErrors('page.ts')).toEqual([]);
  });

  it('would be refused without handling a list that failed', () => {
    expect(folder.typeErrors('wrong.ts')).toEqual([expect.stringContaining("possibly 'null'")]);
  });

  it('gets the types of its scalars in inputs as well', () => {
    const code = generatedClient({
      scalars: { DateTime: 'Temporal.Instant', SafeInt: 'MinorUnits', JSONObject: 'unknown' },
    });
    const [input] = /export type EventInput = \{.*?\n\};/s.exec(code) ?? [];
    expect(input).toContain('occurredAt?: Temporal.Instant | null | undefined;');
    expect(input).toContain('priceMinor?: MinorUnits | null | undefined;');
  });

  it('shows recommendations, and nothing when they failed', () => {
    const { cards } = folder.load<{ cards(home: unknown): readonly string[] }>('page.ts');
    const product = { title: 'Tea', price: { amountMinor: 450, currency: 'EUR' } };
    const nodes = [
      { rank: 1, product },
      { rank: 2, product: null },
    ];
    expect(cards({ viewer: { recommendations: { items: { nodes } } } })).toEqual(['1. Tea 450 EUR', '2.']);
    expect(cards({ viewer: { recommendations: null } })).toEqual([]);
  });
});
