import { type Command, InvalidArgumentError, Option } from 'commander';
import { withProgress } from '../progress';
import { type SeedSummary, seedDemoShop, shareOf } from '../seedDemo';
import type { OpenStores } from './import';

interface SeedOptions {
  readonly scale: number;
  readonly seed: number;
  readonly currency: 'CNY' | 'USD';
  readonly json?: boolean;
  readonly databaseUrl?: string;
}

/** Adds `affinity demo seed` to the program. */
export function registerDemo(program: Command, openStores: OpenStores): void {
  program
    .command('demo')
    .description('The synthetic bilingual demo shop (docs/demo-shop.md)')
    .command('seed')
    .description('Write the demo shop into the shop "demo"; a second run adds nothing')
    .option('--scale <number>', '1 = 2,000 users, 1,500 products, about 150,000 events', readScale, 1)
    .option('--seed <number>', 'equal seeds give equal shops', readSeed, 1)
    .addOption(
      new Option('--currency <code>', 'currency of all prices').choices(['CNY', 'USD']).default('CNY'),
    )
    .option('--json', 'print the summary as one JSON object')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one')
    .action((options: SeedOptions) => seedCommand(options, openStores));
}

function readScale(text: string): number {
  const scale = Number(text);
  if (scale >= 0.05 && scale <= 100) return scale;
  throw new InvalidArgumentError('Expected a number from 0.05 to 100.');
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('Expected an integer.');
}

async function seedCommand(options: SeedOptions, openStores: OpenStores): Promise<void> {
  const { seed, scale, currency } = options;
  const opened = await openStores({ databaseUrl: options.databaseUrl });
  try {
    const summary = await withProgress('Demo shop', update =>
      seedDemoShop(opened.stores, {
        seed,
        scale,
        currency,
        now: Date.now(),
        onProgress: progress => update(shareOf(progress), progress.stage),
      }),
    );
    console.log(options.json ? JSON.stringify(summary) : formatSeedSummary(summary));
  } finally {
    await opened.close();
  }
}

/** Formats the summary for the terminal. */
export function formatSeedSummary(summary: SeedSummary): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    `Demo shop ${summary.wasSeededBefore ? 'existed; completed' : 'written'}: shop id "demo"`,
    `  ${count(summary.products)} products, ${count(summary.users)} users, ${count(summary.follows)} follows, ${count(summary.posts)} posts`,
    `  ${summary.campaigns} campaigns with ${count(summary.contacts)} contacts`,
    `  ${count(summary.eventsAccepted)} events added, ${count(summary.eventsDuplicate)} existed`,
  ].join('\n');
}
