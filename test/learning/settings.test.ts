import { settingValuesOf, storedSettingsOf } from '../../src/learning/settings';

const settings = {
  rank: { meaning: '', default: 8, minimum: 1, maximum: 64, isInteger: true, formerNames: ['dimensions'] },
  epochs: { meaning: '', default: 0, auto: 0, minimum: 1, maximum: 100, isInteger: true },
  cell: {
    meaning: '',
    default: 'lstm',
    choices: ['gru', 'lstm'],
    formerValues: { 0: 'gru', 1: 'lstm' },
  },
} as const;

describe('settingValuesOf', () => {
  it('returns the defaults without overrides', () => {
    expect(settingValuesOf(settings)).toEqual({ rank: 8, epochs: 0, cell: 'lstm' });
  });

  it('takes numbers in range, choices by word, and auto where the setting has it', () => {
    const given = { rank: 16, epochs: 'auto', cell: 'gru' };
    expect(settingValuesOf(settings, given)).toEqual({ rank: 16, epochs: 0, cell: 'gru' });
  });

  it.each([
    [{ rank: 0 }, 'Expected rank: an integer from 1 to 64; got 0. Correct it or leave it out.'],
    [{ rank: 'auto' }, 'Expected rank: an integer from 1 to 64; got auto. Correct it or leave it out.'],
    [{ epochs: 0 }, 'Expected epochs: an integer from 1 to 100, or auto; got 0. Correct it or leave it out.'],
    [{ cell: 1 }, 'Expected cell: gru or lstm; got 1. Correct it or leave it out.'],
    [{ dimensions: 4 }, 'Expected the setting rank; got its former name dimensions. Use the new name.'],
    [{ width: 4 }, 'Expected a setting among rank, epochs, cell; got width. Correct it or leave it out.'],
    [
      { toString: 4 },
      'Expected a setting among rank, epochs, cell; got toString. Correct it or leave it out.',
    ],
  ])('refuses %j with the remedy', (given, message) => {
    expect(() => settingValuesOf(settings, given as Readonly<Record<string, number | string>>)).toThrow(
      message,
    );
  });
});

describe('storedSettingsOf', () => {
  it('reads artifacts of earlier versions: former names, and numbers for choices', () => {
    expect(storedSettingsOf(settings, { dimensions: 32, epochs: 0, cell: 0, other: true })).toEqual({
      rank: 32,
      epochs: 0,
      cell: 'gru',
    });
  });

  it('prefers the present name, and has defaults for what is missing', () => {
    expect(storedSettingsOf(settings, { dimensions: 32, rank: 4 })).toEqual({
      rank: 4,
      epochs: 0,
      cell: 'lstm',
    });
  });

  it('refuses what no version could have stored', () => {
    expect(() => storedSettingsOf(settings, { rank: 1000 })).toThrow('Train the model again.');
    expect(() => storedSettingsOf(settings, { cell: 7 })).toThrow('Expected cell: gru or lstm; got 7.');
    expect(() => storedSettingsOf(settings, { rank: true })).toThrow('Expected rank:');
  });
});
