import { textTable } from '../../../src/evaluation/report/textTable';

describe('textTable', () => {
  it('aligns the first column to the left and the others to the right', () => {
    const rows = [
      ['model', 'users', 'mrr'],
      ['gru', '7', '0.5'],
    ];
    expect(textTable(rows)).toBe('model  users  mrr\ngru        7  0.5');
  });

  it('is empty without rows', () => {
    expect(textTable([])).toBe('');
  });
});
