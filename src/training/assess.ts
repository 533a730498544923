import { answererOf, type Evaluation, evaluateQuestions } from '../evaluation/evaluation';
import { type GateBaseline, type GateVerdict, gate } from '../evaluation/gate';
import { type Questions, questionsOfSplit } from '../evaluation/questions';
import { heldOutCarts } from '../evaluation/shop/heldOutCarts';
import { nextChoicesOf } from '../evaluation/shop/nextChoices';
import { ownFrequency } from '../evaluation/shop/shopBaselines';
import { type ShopColumn, shopQuestionsOf } from '../evaluation/shop/shopQuestions';
import { can, declares } from '../models/capability';
import type { ModelCard, Scorer } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { Split } from '../snapshot/split';
import type { ChosenSplit } from './chooseHeldOut';

/** Scorers to measure on the same held-out data. */
export interface Contenders {
  readonly card: ModelCard;
  /** Trained on the train part of the split. */
  readonly candidate: Scorer;
  /** Popularity, trained on the same part. */
  readonly baseline: Scorer;
  /** The scorer of the live artifact; null without one, or when it has seen the held-out events. */
  readonly live: Scorer | null;
}

/** Result of {@link assess}. */
export interface Assessment {
  readonly verdict: GateVerdict;
  /**
   * The candidate's figures by name; the others' with `baseline:` and `live:` in front. Those of a second check have `all:` in
   * front. Finite.
   */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Options of {@link assess}. */
export interface AssessOptions {
  /** The events that the split divides. */
  readonly snapshot: Snapshot;
  readonly measuredUsers: number;
  /** Of the products that are drawn from held-out orders. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Something to ask a candidate, and what to compare its answers with. */
interface Check {
  /** In front of the names of figures; empty for the first check. */
  readonly prefix: '' | 'all:';
  readonly asked: string;
  readonly units: 'shoppers' | 'carts';
  readonly questions: Questions;
  readonly baseline: Scorer;
  /** Null where the baseline is measured but need not be beaten. */
  readonly against: Pick<GateBaseline, 'name' | 'rule'> | null;
  /** Whether the answers are compared with those of the live artifact. */
  readonly hasLive: boolean;
}

function named(prefix: string, units: string, { full, coverage, users }: Evaluation): [string, number][] {
  const figures: [string, number][] = [
    ...Object.entries(full.means),
    ['coverage', coverage],
    [units === 'carts' ? units : 'users', users],
  ];
  return figures.filter(([, value]) => Number.isFinite(value)).map(([name, value]) => [prefix + name, value]);
}

/** Asks for products that were new to the shopper, as every list did before there were repeats. */
const tasteCheck = (baseline: Scorer, split: Split, isGated: boolean): Check => ({
  prefix: '',
  asked: 'products new to the shopper',
  units: 'shoppers',
  questions: questionsOfSplit(split),
  baseline,
  against: isGated ? { name: 'popularity', rule: 'beat' } : null,
  hasLive: isGated,
});

function cartCheck(baseline: Scorer, split: Split, { snapshot, seed }: AssessOptions): Check {
  return {
    prefix: '',
    asked: 'the rest of an order',
    units: 'carts',
    questions: heldOutCarts(snapshot, split.train, seed),
    baseline,
    against: { name: 'popularity', rule: 'beat' },
    hasLive: true,
  };
}

/** Asks for what shoppers bought next, as one column of the shop task (evaluation/shop). */
function purchaseCheck(column: ShopColumn, { train }: Split, { snapshot }: AssessOptions): Check {
  const choices = nextChoicesOf(snapshot, train);
  const asked = {
    all: 'everything bought next',
    new: 'products new to the shopper',
    repeat: 'products bought again',
  };
  return {
    prefix: column === 'all' ? 'all:' : '',
    asked: asked[column],
    units: 'shoppers',
    questions: shopQuestionsOf(train, choices, 'purchases', [column]),
    baseline: ownFrequency(train, 'purchases'),
    against: { name: 'own frequency', rule: 'reach' },
    hasLive: true,
  };
}

/** Returns what a candidate is asked, by what it can do. docs/decisions/0018 has the reasons. */
function checksOf(
  { card, candidate, baseline }: Contenders,
  split: Split,
  options: AssessOptions,
): readonly Check[] {
  const isEmpty = ({ questions }: Check): boolean => questions.userRows.length === 0;
  if (card.servesAs === 'POPULAR') return [tasteCheck(baseline, split, false)];
  if (declares(card, 'complements')) {
    const check = cartCheck(baseline, split, options);
    return isEmpty(check) ? [check, tasteCheck(baseline, split, false)] : [check];
  }
  if (declares(card, 'buyAgain')) {
    const check = purchaseCheck('repeat', split, options);
    // Where nobody bought anything again there are no repeats to tell: then it is a model of taste like others.
    return isEmpty(check) ? [check, tasteCheck(baseline, split, true)] : [check];
  }
  const taste = tasteCheck(baseline, split, true);
  if (!can(candidate, 'buyAgain')) return [taste];
  const all = purchaseCheck('all', split, options);
  return isEmpty(all) ? [taste] : [taste, all];
}

/**
 * Measures a candidate and decides whether it passes the gate. Each kind of model is asked for what it serves, and compared with
 * the simplest answer to that: popularity for products new to the shopper and for carts, the shopper's own frequency for repeats
 * and for lists that mix both. A model with the same list for all shoppers (card `servesAs: 'POPULAR'`) is measured but always
 * passes, and so does a model of carts where no cart is held out. A model of repeats is compared with popularity where no repeat is.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function assess(
  contenders: Contenders,
  { split, isFairToLive }: ChosenSplit,
  options: AssessOptions,
): Promise<Assessment> {
  const { measuredUsers, signal } = options;
  const { candidate, live } = contenders;
  const figures: [string, number][] = [];
  const checks = [];
  for (const check of checksOf(contenders, split, options)) {
    const { prefix, asked, units, questions, baseline, against, hasLive } = check;
    const measure = (scorer: Scorer): Promise<Evaluation> =>
      evaluateQuestions(questions, answererOf(scorer, questions), { limitUsers: measuredUsers, signal });
    const mine = await measure(candidate);
    const base = await measure(baseline);
    const lives = live !== null && isFairToLive ? await measure(live) : null;
    figures.push(...named(prefix, units, mine), ...named(`${prefix}baseline:`, units, base));
    if (lives !== null) figures.push(...named(`${prefix}live:`, units, lives));
    checks.push({
      asked,
      units,
      candidate: mine.full,
      baseline: against && { ...against, measurement: base.full },
      live: hasLive && lives !== null ? lives.full : null,
    });
  }
  return { verdict: gate(checks), metrics: Object.fromEntries(figures) };
}
