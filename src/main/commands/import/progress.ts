import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of importing one file, on standard error. */
export interface Progress {
  update(bytesRead: number, lines: number): void;
  stop(): void;
}

const plainIntervalMs = 5_000;
const redrawIntervalMs = 100;

/** Starts a bar on a terminal, else a plain line every five seconds. */
export function startProgress(name: string, totalBytes: number, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? startBar(name, totalBytes, stream) : startPlain(name, totalBytes, stream);
}

function startBar(name: string, totalBytes: number, stream: NodeJS.WriteStream): Progress {
  const format = `${name} {bar} {percentage}% | {lines} lines | {rate} lines/s | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream, hideCursor: true, etaBuffer: 100 }, Presets.shades_classic);
  const startedAt = performance.now();
  let drawnAt = 0;
  bar.start(totalBytes, 0, { lines: '0', rate: '0' });
  return {
    update: (bytesRead, lines) => {
      const now = performance.now();
      if (now - drawnAt < redrawIntervalMs && bytesRead < totalBytes) return;
      drawnAt = now;
      bar.update(bytesRead, { lines: withCommas(lines), rate: withCommas(rateOf(lines, now - startedAt)) });
    },
    stop: () => bar.stop(),
  };
}

function startPlain(name: string, totalBytes: number, stream: NodeJS.WriteStream): Progress {
  const startedAt = performance.now();
  let reportedAt = startedAt;
  return {
    update: (bytesRead, lines) => {
      const now = performance.now();
      if (now - reportedAt < plainIntervalMs) return;
      reportedAt = now;
      const share = bytesRead / Math.max(totalBytes, 1);
      const left = Math.round(((now - startedAt) * (1 - share)) / Math.max(share, 1e-9) / 1000);
      const rate = withCommas(rateOf(lines, now - startedAt));
      stream.write(
        `${name}: ${Math.floor(share * 100)}%, ${withCommas(lines)} lines, ${rate} lines/s, ${left} s left\n`,
      );
    },
    stop: () => undefined,
  };
}

/** Returns the rate per second over `elapsedMs`. */
export function rateOf(count: number, elapsedMs: number): number {
  return Math.round((count * 1000) / Math.max(elapsedMs, 1));
}

/** Formats 541909 as 541,909. */
export function withCommas(count: number): string {
  return count.toLocaleString('en-US');
}
