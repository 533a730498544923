import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of a model. */
export interface Progress {
  show(phase: string, done: number, total: number): void;
  stop(): void;
}

/** Shows a bar when the stream is a terminal; otherwise one line per phase. */
export function createProgress(model: string, stream: NodeJS.WriteStream): Progress {
  let phase = '';
  let bar: SingleBar | undefined;
  const start = (total: number): void => {
    bar?.stop();
    if (!stream.isTTY) {
      stream.write(`${model}: ${phase}\n`);
      return;
    }
    const format = `${model}: ${phase} {bar} {percentage}% {value}/{total}, {eta_formatted} left`;
    bar = new SingleBar({ stream, format, clearOnComplete: true }, Presets.shades_classic);
    bar.start(total, 0);
  };
  return {
    show(current, done, total) {
      if (current !== phase) {
        phase = current;
        start(total);
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}
