import { readFileSync, writeFileSync } from 'node:fs';

/** Resets the peak, where Linux lets a process do so (proc(5), clear_refs 5). Returns whether it did. */
export function resetPeakMemory(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

/**
 * Peak resident memory of the process, threads included, since the last reset or else since its start, in units of 2^20
 * bytes.
 */
export function peakMemoryMb(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (peak) return Number(peak[1]) / 1024;
  } catch {
    // Not Linux: use the peak that the system reports.
  }
  return process.resourceUsage().maxRSS / 1024;
}
