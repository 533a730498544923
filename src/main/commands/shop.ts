import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import {
  defaultShopPolicy,
  expectedOf,
  type PolicyChange,
  type PolicyValue,
  policyKeys,
  policyKeysOf,
  policyValueOf,
  problemsOfChange,
  type ShopPolicy,
} from '../../domain/shopPolicy';
import type { Shop } from '../../store/ports/shop';
import type { Stores } from '../../store/ports/stores';
import { formatColumns } from './columns';
import type { OpenStores } from './import';
import { addShopCreate } from './shopCreate';
import { addShopOptions, type ShopOptions, withShop } from './withShop';

interface PolicyOptions extends ShopOptions {
  readonly set: readonly string[];
  readonly reset: readonly string[];
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Adds `affinity shop create|policy` to the program. */
export function registerShop(program: Command, openStores: OpenStores): void {
  const shop = program.command('shop').description('Shops and their settings (docs/configuration.md)');
  addShopCreate(shop, openStores);
  addShopOptions(shop.command('policy').description("Print a shop's settings, after changing some"))
    .option('--set <key=value>', 'set one; may be repeated: --set newcomers.every=5', collect, [])
    .option('--reset <key>', 'back to the default: a setting, or a group such as eventWeights', collect, [])
    .action((options: PolicyOptions) =>
      withShop(options, openStores, (stores, found) => policyCommand(stores, found, options)),
    );
}

const invalid = (message: string): GatewayError => new GatewayError('BAD_USER_INPUT', message);

/** Returns the value of `--set`: a number where the text is one, null for the default, else the text. */
function readValue(text: string): PolicyValue {
  if (text === 'null') return null;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function readSet(text: string): readonly [string, PolicyValue] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), readValue(text.slice(at + 1))];
  throw invalid(`Expected --set key=value; got ${text}. Like: --set newcomers.every=5`);
}

function readReset(name: string): readonly (readonly [string, PolicyValue])[] {
  const keys = policyKeysOf(name);
  if (keys.length > 0) return keys.map(key => [key, null]);
  throw invalid(
    `Expected --reset with a setting or a group of settings; got ${name}. Use one of ${policyKeys.join(', ')}.`,
  );
}

/** Resets come first, so that a group can be reset and one of its settings set. @throws {GatewayError} BAD_USER_INPUT */
function readChange({ set, reset }: PolicyOptions): PolicyChange {
  const change = Object.fromEntries([...reset.flatMap(readReset), ...set.map(readSet)]);
  const problems = problemsOfChange(change);
  if (problems.length === 0) return change;
  throw invalid(problems.map(({ message }) => message).join('\n'));
}

function printPolicy(policy: ShopPolicy): void {
  console.log(
    formatColumns(
      policyKeys.map(key => ({
        setting: key,
        value: String(policyValueOf(policy, key)),
        default: String(policyValueOf(defaultShopPolicy, key)),
        accepts: expectedOf(key),
      })),
    ),
  );
}

async function policyCommand(
  { shops }: Stores,
  { id, policy, policyProblems }: Shop,
  options: PolicyOptions,
): Promise<void> {
  const change = readChange(options);
  const isChanged = Object.keys(change).length > 0;
  const after = isChanged ? await shops.changePolicy(id, change) : policy;
  for (const { message } of isChanged ? [] : policyProblems)
    console.error(`Stored, but not used. ${message}`);
  if (options.json) console.log(JSON.stringify(after));
  else printPolicy(after ?? policy);
}
