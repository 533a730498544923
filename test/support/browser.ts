import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Path of a Chromium on this machine, or null. */
const browserPath: string | null = candidates.find(path => path !== undefined && existsSync(path)) ?? null;

/** Tests that need a browser: reported as skipped where there is none. */
export function describeWithBrowser(name: string, tests: () => void): void {
  const declare = browserPath === null ? describe.skip : describe;
  const why =
    browserPath === null ? ' (no Chromium here: apt-get install chromium, or set CHROMIUM_PATH)' : '';
  declare(`${name}${why}`, tests);
}

/** Starts a headless Chromium that sends requests to the page's host only. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
