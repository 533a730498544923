import { readFileSync, writeFileSync } from 'node:fs';

/** Forgets the peak so far, where Linux lets a process do so (proc(5), clear_refs 5). Answers whether it did. */
export function resetPeakMemory(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

/**
 * Most memory the process has held at once (resident set, threads included) since the last reset, in megabytes of 2^20
 * bytes; since its start where there was no reset.
 */
export function peakMemoryMb(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (peak) return Number(peak[1]) / 1024;
  } catch {
    // Not Linux: the system's own peak has to do.
  }
  return process.resourceUsage().maxRSS / 1024;
}
