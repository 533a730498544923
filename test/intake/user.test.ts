import { toShopId } from '../../src/domain/ids';
import { checkUser } from '../../src/intake/user';

const context = { shopId: toShopId('s'), now: Date.UTC(2026, 6, 1) };

describe('checkUser', () => {
  it('keeps locale, attributes and consents', () => {
    const consents = [{ purpose: 'MARKETING', granted: false, source: 'signup' }];
    const raw = { id: 'u', locale: 'pt-br', attributes: { age: 30, tags: ['a'], vip: true }, consents };
    expect(checkUser(raw, context)).toEqual({ ok: true, row: { ...raw, locale: 'pt-BR' } });
  });

  it.each([
    ['an unknown purpose', [{ purpose: 'SALE', granted: true }], 'CHOICE_UNKNOWN'],
    ['no answer', [{ purpose: 'MARKETING' }], 'BOOLEAN_EXPECTED'],
    [
      'two answers',
      [
        { purpose: 'MARKETING', granted: true },
        { purpose: 'MARKETING', granted: false },
      ],
      'CONSENT_REPEATED',
    ],
    ['a consent that is text', ['MARKETING'], 'NOT_AN_OBJECT'],
  ])('reports the problem of %s', (_case, consents, code) => {
    expect(checkUser({ id: 'u', consents }, context)).toMatchObject({ ok: false, rejection: { code } });
  });
});
