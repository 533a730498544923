import { barPlot, scatterPlot } from '../../../src/evaluation/report/plots';

const scatter = { title: 'speed', x: 'seconds', y: 'mrr', isLogarithmic: true };

describe('barPlot', () => {
  it('draws a bar per value, an error bar per interval, and escapes names', () => {
    const plot = barPlot('mrr', [
      { name: 'a<b', value: 0.4, interval: { low: 0.3, high: 0.5 } },
      { name: 'none', value: Number.NaN, interval: undefined },
    ]);
    expect(plot.match(/<rect/g)).toHaveLength(1);
    expect(plot.match(/class="error"/g)).toHaveLength(3);
    expect(plot).toContain('a&#60;b');
    expect(plot).toContain('>none<');
    expect(plot).not.toMatch(/NaN|Infinity|a<b/);
  });
});

describe('scatterPlot', () => {
  it('draws a dot per pair of finite numbers, also when all are equal', () => {
    const dots = [
      { name: 'x', x: 10, y: 1 },
      { name: 'y', x: 10, y: 1 },
      { name: 'z', x: Number.NaN, y: 1 },
    ];
    const plot = scatterPlot(scatter, dots);
    expect(plot.match(/<circle/g)).toHaveLength(2);
    expect(plot).not.toMatch(/NaN|Infinity/);
  });

  it('is empty without dots', () => {
    expect(scatterPlot(scatter, [{ name: 'z', x: Number.NaN, y: 1 }])).toBe('');
  });
});
