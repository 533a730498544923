import { cuped } from '../../src/experiments/adjusted';
import { alwaysValidWidth, type Information } from '../../src/experiments/confidenceSequence';
import { differenceOfMeans, type Effect, fixedHorizonWidth, intervalOf } from '../../src/experiments/effect';
import { momentsOf, momentsOfCounts, pairMomentsOf } from '../../src/experiments/moments';
import { createRng, type Rng } from '../../src/numeric/rng';

// Intervals on simulated experiments whose effects are known: the share that never misses, over all readings.

const runs = 400;
/** Three standard deviations of a share of 95 percent. */
const noise = 3 * Math.sqrt((0.05 * 0.95) / runs);

interface Reading extends Information {
  readonly estimate: Effect;
  readonly truth: number;
}
type Widths = (reading: Information) => number;
const fixedWidth = fixedHorizonWidth();
const fixed: Widths = () => fixedWidth;
const alwaysValid: Widths = reading => alwaysValidWidth(reading);

/** Returns the share of runs whose intervals contain the truth at all readings. */
function coverageOf(simulate: (rng: Rng) => Iterable<Reading>, widthOf: Widths): number {
  const rng = createRng(11);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    let isCovered = true;
    for (const reading of simulate(rng)) {
      const { low, high } = intervalOf(reading.estimate, widthOf(reading));
      isCovered &&= low <= reading.truth && reading.truth <= high;
    }
    covered += Number(isCovered);
  }
  return covered / runs;
}

/** Units arrive one after another, a tenth of them held out, and buy with 20 or 26 percent; read after every 25th. */
function* unitsArrive(rng: Rng): Iterable<Reading> {
  const [counts, successes] = [
    [0, 0],
    [0, 0],
  ];
  for (let unit = 1; unit <= 3000; unit++) {
    const arm = Number(rng.uniform() < 0.9);
    counts[arm]++;
    successes[arm] += Number(rng.uniform() < [0.2, 0.26][arm]);
    if (unit < 500 || unit % 25 > 0) continue;
    const [control, treated] = counts.map((count, own) => momentsOfCounts(successes[own], count));
    yield { estimate: differenceOfMeans(treated, control), truth: 0.06, observed: unit, planned: 1500 };
  }
}

/** All 4,000 units are assigned on day 0 and convert over 40 days; the effect so far is read every day. */
function* outcomesArrive(rng: Rng): Iterable<Reading> {
  const hazards = [0.004, 0.006];
  const arriving = hazards.map(hazard => {
    const byDay = new Float64Array(41);
    for (let unit = 0; unit < 2000; unit++) {
      const day = Math.ceil(Math.log(1 - rng.uniform()) / Math.log(1 - hazard));
      if (day <= 40) byDay[day]++;
    }
    return byDay;
  });
  const converted = [0, 0];
  for (let day = 1; day <= 40; day++) {
    for (const [arm, byDay] of arriving.entries()) converted[arm] += byDay[day];
    const observed = converted[0] + converted[1];
    if (observed < 100) continue;
    const [control, treated] = converted.map(count => momentsOfCounts(count, 2000));
    const [before, after] = hazards.map(hazard => 1 - (1 - hazard) ** day);
    yield { estimate: differenceOfMeans(treated, control), truth: after - before, observed, planned: 400 };
  }
}

/** Revenue with a covariate from before, read once at the end. */
function* revenueWithPast(rng: Rng): Iterable<Reading> {
  const [outcomes, before]: [number[][], number[][]] = [
    [[], []],
    [[], []],
  ];
  for (let unit = 0; unit < 400; unit++) {
    const past = Math.exp(rng.gaussian());
    const arm = unit % 2;
    before[arm].push(past);
    outcomes[arm].push(past + arm * 0.3 + rng.gaussian());
  }
  const [control, treated] = outcomes.map((own, arm) => pairMomentsOf(own, before[arm]));
  yield { estimate: cuped(treated, control), truth: 0.3, observed: 400, planned: 400 };
}

describe('coverage', () => {
  it('of the always-valid interval is 95 percent at all readings while units arrive', () => {
    expect(coverageOf(unitsArrive, alwaysValid)).toBeGreaterThan(0.95 - noise);
  });

  it('of the always-valid interval is 95 percent every day while outcomes arrive', () => {
    expect(coverageOf(outcomesArrive, alwaysValid)).toBeGreaterThan(0.95 - noise);
  });

  it('of an interval for one reading is far below when it is read repeatedly', () => {
    expect(coverageOf(unitsArrive, fixed)).toBeLessThan(0.85);
    expect(coverageOf(outcomesArrive, fixed)).toBeLessThan(0.85);
  });

  it('of one reading is 95 percent, with CUPED as well', () => {
    const last = function* (rng: Rng) {
      const readings = [...unitsArrive(rng)];
      yield readings[readings.length - 1];
    };
    for (const simulate of [last, revenueWithPast]) {
      const covered = coverageOf(simulate, fixed);
      expect(covered).toBeGreaterThan(0.95 - noise);
      expect(covered).toBeLessThan(0.95 + noise);
    }
  });

  it('is lost when the same conversions are counted as twice the units', () => {
    const doubled = function* (rng: Rng) {
      const draw = (rate: number) => Array.from({ length: 500 }, () => Number(rng.uniform() < rate));
      const [own, other] = [draw(0.3), draw(0.2)];
      const estimate = differenceOfMeans(momentsOf([...own, ...own]), momentsOf([...other, ...other]));
      yield { estimate, truth: 0.1, observed: 1000, planned: 1000 };
    };
    expect(coverageOf(doubled, fixed)).toBeLessThan(0.9);
  });
});
