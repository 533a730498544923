import {
  meanOf,
  qualitiesOf,
  qualityByWeight,
  type TrialQuestion,
} from '../../../src/models/ensemble/quality';
import { chooseWeights, type WeighedPart } from '../../../src/models/ensemble/weights';
import { createRng } from '../../../src/numeric/rng';

/** One question; the first candidate is the held-out one. */
const question = (...parts: readonly (readonly number[])[]): TrialQuestion => ({
  scores: Float32Array.from(parts.flat()),
  candidates: parts[0].length,
  relevant: 1,
  drawn: 0,
  drawnWeight: 0,
});

const free: WeighedPart = { fixed: null, isPopular: false };
const popular: WeighedPart = { fixed: null, isPopular: true };
const qualityAlone = (questions: readonly TrialQuestion[], parts: number, part: number): number =>
  meanOf(
    qualitiesOf(
      questions,
      Array.from({ length: parts }, (_, index) => Number(index === part)),
    ),
  );

/** Questions in which each part ranks the held-out product by its own skill and noise. */
function seededQuestions(seed: number, skills: readonly number[]): readonly TrialQuestion[] {
  const rng = createRng(seed);
  return Array.from({ length: 60 }, () =>
    question(
      ...skills.map(skill =>
        Array.from({ length: 120 }, (_, candidate) => rng.gaussian() + (candidate === 0 ? skill : 0)),
      ),
    ),
  );
}

describe('chooseWeights', () => {
  it('uses only the better part when the other adds nothing', async () => {
    const questions = [question([3, 1, 0], [0, 1, 2]), question([2, 1, 0], [1, 1, 1])];
    expect(await chooseWeights(questions, [free, free])).toEqual({ weights: [1, 0], quality: 1 });
  });

  it('adds a part that ranks what the other misses', async () => {
    const known = question([2, 1, 0], [0, 0.1, 0]);
    const missed = question([1, 1.2, 0], [2, 0, 0]);
    const questions = Array.from({ length: 10 }, () => [known, known, missed, missed]).flat();
    const { weights, quality } = await chooseWeights(questions, [free, free]);
    expect(quality).toBe(1);
    expect(Math.min(...weights)).toBeGreaterThan(0);
  });

  it('leaves a given weight unchanged', async () => {
    const questions = [question([3, 1, 0], [0, 1, 2])];
    const given = { fixed: 0.5, isPopular: false };
    expect((await chooseWeights(questions, [free, given])).weights[1]).toBe(0.5);
  });

  it.each([1, 2, 3, 4, 5])('is never worse than the best part (seed %i)', async seed => {
    const skills = createRng(seed).shuffle(Float32Array.of(0, 1, 2, 2.5));
    const questions = seededQuestions(seed, [...skills]);
    const { quality } = await chooseWeights(questions, [popular, free, free, free]);
    const singles = [...skills.keys()].map(part => qualityAlone(questions, skills.length, part));
    const tolerance = 0.5 / Math.sqrt(questions.length);
    expect(quality).toBeGreaterThanOrEqual(Math.max(...singles) - tolerance);
  });

  it('is better than each part where two parts know different things', async () => {
    const questions = seededQuestions(7, [2, 2, 0]);
    const { weights, quality } = await chooseWeights(questions, [free, free, popular]);
    expect(Math.min(weights[0], weights[1])).toBeGreaterThan(0);
    expect(quality).toBeGreaterThan(qualityAlone(questions, 3, 0));
  });

  it('takes no sum that is better only on the questions on which its weights were chosen', async () => {
    const questions = seededQuestions(3, [0, 0, 0, 0, 0]);
    const { weights } = await chooseWeights(questions, [popular, free, free, free, free]);
    expect(weights).toEqual([1, 0, 0, 0, 0]);
  });

  it('prefers the list for everybody to a personal part that ranks equally well', async () => {
    const questions = [question([1, 2, 0], [3, 5, 1]), question([2, 1, 0], [5, 3, 1])];
    expect((await chooseWeights(questions, [free, popular])).weights).toEqual([0, 1]);
  });

  it('gives equal scores the value of a lot among the whole catalogue', async () => {
    const constant = { ...question([1, 1, 1]), drawn: 2, drawnWeight: 49.5 };
    const [quality] = qualitiesOf([constant], [1]);
    const places = Array.from({ length: 20 }, (_, place) => 1 / Math.log2(place + 2));
    expect(quality).toBeCloseTo(places.reduce((sum, gain) => sum + gain, 0) / 100, 12);
  });

  it.each([1, 2])('measures one weight as it measures all of them (seed %i)', seed => {
    const questions = seededQuestions(seed, [1, 2, 0]).map((asked, index) => ({
      ...asked,
      relevant: 1 + (index % 3),
      drawn: 40,
      drawnWeight: 7.5,
    }));
    const qualityOf = qualityByWeight(questions, [0.5, 3, 0], 1);
    for (const weight of [0, 0.35, 1, 5])
      expect(qualityOf(weight)).toBeCloseTo(meanOf(qualitiesOf(questions, [0.5, weight, 0])), 12);
  });

  it('reports its progress, and ends when a report throws', async () => {
    const questions = seededQuestions(1, [1, 2, 0]);
    const shares: number[] = [];
    await chooseWeights(questions, [free, free, popular], async share => {
      shares.push(share);
    });
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    const stop = async (share: number): Promise<void> => {
      if (share > 0.1) throw new Error('stop');
    };
    await expect(chooseWeights(questions, [free, free, popular], stop)).rejects.toThrow('stop');
  });
});
