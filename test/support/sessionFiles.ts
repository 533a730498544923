import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { answererOf, evaluateQuestions } from '../../src/evaluation/evaluation';
import { type PrefixList, type SessionList, sessionQuestions } from '../../src/evaluation/sessions';
import type { Model } from '../../src/models/model';
import { threadTasks } from '../../src/models/threadTasks';
import { dataFile } from './data';
import { trainContext } from './scorers';

const linesOf = (folder: string, file: string): string[] =>
  gunzipSync(readFileSync(dataFile(folder, file)))
    .toString('utf8')
    .trim()
    .split('\n');

function listOf(lists: readonly (readonly number[])[]): SessionList {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) offsets[index + 1] = offsets[index] + list.length;
  return { offsets, product: Uint32Array.from(lists.flat()) };
}

/**
 * Trains on the latest sessions of a folder and evaluates the first prefixes of its test pairs, among all products of the
 * training sessions. Returns P@20 and MRR@20.
 */
export async function sessionQuality(
  model: Model,
  folder: string,
  limits: { readonly sessions: number; readonly prefixes: number },
): Promise<{ readonly precision: number; readonly reciprocalRank: number }> {
  const numbers = (text: string): number[] => text.trim().split(' ').map(Number);
  const sessions = linesOf(folder, 'train_sessions.txt.gz').slice(-limits.sessions).map(numbers);
  const products = [...new Set(sessions.flat())].toSorted((a, b) => a - b);
  const placeOf = new Map(products.map((product, place) => [product, place]));
  const places = (items: readonly number[]): number[] => items.flatMap(item => placeOf.get(item) ?? []);
  const pairs = linesOf(folder, 'test_pairs.txt.gz')
    .map(line => line.split('\t').map(numbers))
    .filter(([prefix, [target]]) => placeOf.has(target) && places(prefix).length > 0)
    .slice(0, limits.prefixes);
  const prefixes: PrefixList = {
    ...listOf(pairs.map(([prefix]) => places(prefix))),
    target: Uint32Array.from(pairs, ([, [target]]) => placeOf.get(target) ?? 0),
  };
  const ids = products.map(product => `${product}`.padStart(6, '0'));
  const questions = await sessionQuestions(ids, listOf(sessions.map(places)), prefixes);
  const artifact = await model.train(questions.train, trainContext(1, threadTasks));
  const { full } = await evaluateQuestions(questions, answererOf(model.load(artifact), questions));
  return { precision: full.means['hit@20'], reciprocalRank: full.means['mrr@20'] };
}
