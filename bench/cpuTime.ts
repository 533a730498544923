import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds since the start of what is measured, from Linux's /proc. */
export interface CpuTime {
  /** Main thread of the gateway, whose event loop handles the requests. */
  readonly mainThread: number;
  /** Other threads of the gateway: garbage collection, compilation, file system, health. */
  readonly otherThreads: number;
  /** Processes below the gateway: its embedded PostgreSQL. */
  readonly database: number;
  /** All processes of the machine, those that are not part of the measurement included. */
  readonly machine: number;
}

/** Clock ticks per second in /proc, on every Linux that Node supports. */
const ticksPerSecond = 100;

/** Returns the fields of a `stat` file after the name of the process, which may contain blanks. */
function fieldsOf(file: string): readonly string[] | null {
  try {
    const text = readFileSync(file, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // The process has ended.
    return null;
  }
}

const sum = (fields: readonly string[], from: number, to: number): number =>
  fields.slice(from, to).reduce((total, field) => total + Number(field), 0) / ticksPerSecond;

/** Index of the user time among the fields; the system time and those of ended children follow. */
const userTime = 11;

/** Returns the CPU seconds of every process below `pid`, and of their children that have ended. */
function below(pid: number): number {
  const parents = new Map<string, readonly string[]>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? fieldsOf(`/proc/${name}/stat`) : null;
    if (fields !== null) parents.set(name, fields);
  }
  const isBelow = (name: string): boolean => {
    const parent = parents.get(name)?.[1];
    return parent !== undefined && (parent === String(pid) || isBelow(parent));
  };
  const found = [...parents].filter(([name]) => isBelow(name));
  return found.reduce((total, [, fields]) => total + sum(fields, userTime, userTime + 4), 0);
}

/** Returns the CPU times of a gateway's process and its machine; all zero where /proc does not have them. */
export function cpuTimeOf(pid: number): CpuTime {
  const process = fieldsOf(`/proc/${pid}/stat`);
  const thread = fieldsOf(`/proc/${pid}/task/${pid}/stat`);
  if (process === null || thread === null) return { mainThread: 0, otherThreads: 0, database: 0, machine: 0 };
  const mainThread = sum(thread, userTime, userTime + 2);
  // user, nice, system, idle, iowait, irq, softirq
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const machine = line.split(/\s+/).slice(1);
  return {
    mainThread,
    otherThreads: sum(process, userTime, userTime + 2) - mainThread,
    database: below(pid),
    machine: sum(machine, 0, 3) + sum(machine, 5, 7),
  };
}

/** Returns what was used between two readings. */
export const cpuBetween = (from: CpuTime, to: CpuTime): CpuTime => ({
  mainThread: to.mainThread - from.mainThread,
  otherThreads: to.otherThreads - from.otherThreads,
  database: to.database - from.database,
  machine: to.machine - from.machine,
});
