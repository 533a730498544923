import { Presets, SingleBar } from 'cli-progress';

/** Lines per work where there is no terminal, beside the first. */
const maxLines = 10;

/** Shows the progress of one piece of work. */
export interface Progress {
  /** @param share - of the work, 0 to 1. @param step - the part that is being done */
  update(share: number, step?: string): void;
  stop(): void;
}

/** Starts a bar on a terminal. Elsewhere, as in a log of a container, one line per tenth of the work. */
export function startProgress(label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? startBar(label, stream) : startLines(label, stream);
}

/** Runs `work` and shows its progress. */
export async function withProgress<Result>(
  label: string,
  work: (update: Progress['update']) => Promise<Result>,
): Promise<Result> {
  const progress = startProgress(label);
  try {
    return await work(progress.update);
  } finally {
    progress.stop();
  }
}

function startBar(label: string, stream: NodeJS.WriteStream): Progress {
  const format = `${label.padEnd(22)} {bar} {percentage}% | {duration_formatted} {step}`;
  const bar = new SingleBar({ format, stream, hideCursor: true }, Presets.shades_classic);
  bar.start(1000, 0, { step: '' });
  return {
    update: (share, step = '') => bar.update(Math.round(share * 1000), { step }),
    stop: () => bar.stop(),
  };
}

function startLines(label: string, stream: NodeJS.WritableStream): Progress {
  let written = -1;
  return {
    update: (share, step = '') => {
      const line = Math.floor(share * maxLines);
      if (line <= written) return;
      written = line;
      stream.write(`${label}: ${Math.floor(share * 100)} %${step === '' ? '' : `, ${step}`}\n`);
    },
    stop: () => undefined,
  };
}
