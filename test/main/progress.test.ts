import { startProgress } from '../../src/main/progress';

/** A stream that is no terminal, and what was written to it. */
function createLog(): { readonly stream: NodeJS.WriteStream; readonly lines: string[] } {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  return { stream, lines };
}

describe('progress without a terminal', () => {
  it('is a line per tenth of the work, with the step', () => {
    const { stream, lines } = createLog();
    const progress = startProgress('Training', stream);
    for (let done = 0; done <= 1000; done++) progress.update(done / 1000, done < 500 ? 'markov' : 'content');
    progress.stop();
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('Training: 0 %, markov\n');
    expect(lines[3]).toBe('Training: 30 %, markov\n');
    expect(lines[10]).toBe('Training: 100 %, content\n');
  });

  it('is one line for a step over several tenths, and none for a step back', () => {
    const { stream, lines } = createLog();
    const progress = startProgress('Demo shop', stream);
    for (const share of [0.05, 0.45, 0.44, 0.3, 0.5]) progress.update(share);
    expect(lines).toEqual(['Demo shop: 5 %\n', 'Demo shop: 45 %\n', 'Demo shop: 50 %\n']);
  });
});
