import { type CampaignUnits, measureCampaign } from '../../../src/campaigns/report/measureCampaign';
import { campaignEffects } from '../../../src/demo/campaignEffect';
import { fixedHorizonWidth, intervalOf } from '../../../src/experiments/effect';
import { createRng, type Rng } from '../../../src/numeric/rng';

const segments = Object.values(campaignEffects);
const days = 14;
const holdoutRate = 0.3;

interface Replay {
  readonly units: CampaignUnits;
  /** The day on which each shopper converts; Infinity: never. */
  readonly convertsOn: Float64Array;
  /** Probability of a conversion by the end, with a contact and without. */
  readonly probabilities: readonly (readonly [treated: number, control: number])[];
}

/** A campaign among shoppers of the demo shop's segments, whose true effects are known. */
function replayOf(rng: Rng, shoppers: number): Replay {
  const probabilities: (readonly [number, number])[] = [];
  const [isTreated, convertsOn] = [new Uint8Array(shoppers), new Float64Array(shoppers)];
  const [before, revenue, cost] = [0, 1, 2].map(() => new Float64Array(shoppers));
  const predicted = new Float64Array(shoppers);
  for (let shopper = 0; shopper < shoppers; shopper++) {
    const segment = rng.int(segments.length);
    const { baseline, uplift } = segments[segment];
    const pair = [Math.min(1, Math.max(0, baseline + uplift)), baseline] as const;
    probabilities.push(pair);
    isTreated[shopper] = Number(rng.uniform() >= holdoutRate);
    const isConverting = rng.uniform() < pair[isTreated[shopper] === 1 ? 0 : 1];
    convertsOn[shopper] = isConverting ? rng.int(days) : Number.POSITIVE_INFINITY;
    before[shopper] = Math.round(5_000 * baseline * (1 + rng.uniform()));
    revenue[shopper] = isConverting ? 2_000 + rng.int(1_000) : 0;
    cost[shopper] = isTreated[shopper] * 5;
    predicted[shopper] = pair[0];
  }
  const converted = Uint8Array.from(convertsOn, day => Number(day < Number.POSITIVE_INFINITY));
  const units = {
    isTreated,
    converted,
    revenueMinor: revenue,
    revenueBeforeMinor: before,
    costMinor: cost,
    predicted,
  };
  return { units, convertsOn, probabilities };
}

/** The same campaign as it is read after some days. */
const asOf = ({ units, convertsOn }: Replay, day: number): CampaignUnits => ({
  ...units,
  converted: Uint8Array.from(convertsOn, on => Number(on < day)),
  revenueMinor: units.revenueMinor.map((revenue, shopper) => (convertsOn[shopper] < day ? revenue : 0)),
});

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const facts = (replay: Replay) => ({
  holdoutRate,
  confidence: 0.95,
  plannedConversions: meanOf(replay.probabilities.map(([treated]) => treated)) * replay.probabilities.length,
});

describe('the measurement of a campaign', () => {
  it('covers the true effect in 93 % of 200 replays that are read every day; a fixed interval does not', () => {
    const rng = createRng(20);
    let [covered, coveredByFixed] = [0, 0];
    const replays = 200;
    for (let place = 0; place < replays; place++) {
      const replay = replayOf(rng, 800);
      const truth = meanOf(replay.probabilities.map(([treated, control]) => treated - control));
      let [isCovered, isCoveredByFixed] = [true, true];
      for (let day = 1; day <= days; day++) {
        const { conversion } = measureCampaign(asOf(replay, day), facts(replay));
        const now = (truth * day) / days;
        isCovered &&= conversion.low <= now && now <= conversion.high;
        const fixed = intervalOf(conversion, fixedHorizonWidth());
        isCoveredByFixed &&= fixed.low <= now && now <= fixed.high;
      }
      covered += Number(isCovered);
      coveredByFixed += Number(isCoveredByFixed);
    }
    expect(covered / replays).toBeGreaterThanOrEqual(0.93);
    expect(coveredByFixed / replays).toBeLessThan(0.93);
  });

  it('counts arms, costs and revenue, and knows a calibrated prediction', () => {
    const replay = replayOf(createRng(3), 20_000);
    const measured = measureCampaign(replay.units, facts(replay));
    const { isTreated, converted, revenueMinor } = replay.units;
    const treated = isTreated.reduce((sum, own) => sum + own, 0);
    expect(measured.treated.shoppers).toBe(treated);
    expect(measured.heldOut.shoppers).toBe(20_000 - treated);
    expect(measured.treated.conversions + measured.heldOut.conversions).toBe(
      converted.reduce((sum, own) => sum + own, 0),
    );
    expect(measured.treated.revenueMinor + measured.heldOut.revenueMinor).toBe(
      revenueMinor.reduce((sum, own) => sum + own, 0),
    );
    expect(measured.costMinor).toBe(5 * treated);
    expect(measured.conversion.varianceRemoved).toBeGreaterThan(0);
    expect(measured.lift.low).toBeLessThan(measured.lift.ratio);
    expect(measured.calibrationError).toBeLessThan(0.02);
    expect(measured.predictedRate).toBeCloseTo(measured.treated.conversionRate, 1);
    const { ratio, low, high } = measured.costPerIncrementalConversion;
    expect(ratio).toBeCloseTo(5 / (measured.treated.conversionRate - measured.heldOut.conversionRate), 6);
    expect(low).toBeLessThan(ratio);
    expect(high).toBeGreaterThan(ratio);
  });

  it('knows when shoppers are missing from an arm', () => {
    const replay = replayOf(createRng(4), 5_000);
    expect(measureCampaign(replay.units, facts(replay)).sampleRatio).toBeGreaterThan(0.01);
    const lost = { ...facts(replay), holdoutRate: 0.2 };
    expect(measureCampaign(replay.units, lost).sampleRatio).toBeLessThan(0.001);
  });

  it('says that it knows nothing before anybody converted, and with one arm', () => {
    const replay = replayOf(createRng(5), 100);
    const early = measureCampaign(asOf(replay, 0), facts(replay));
    expect(early.conversion).toMatchObject({ effect: Number.NaN, low: Number.NEGATIVE_INFINITY });
    expect(early.costPerIncrementalConversion.ratio).toBeNaN();
    const alone = { ...replay.units, isTreated: new Uint8Array(100).fill(1) };
    const measured = measureCampaign(alone, facts(replay));
    expect(measured.conversion.effect).toBeNaN();
    expect(measured.heldOut).toEqual({
      shoppers: 0,
      conversions: 0,
      conversionRate: Number.NaN,
      revenueMinor: 0,
    });
  });

  it('refuses arrays of other lengths, and a launch without a hold-out', () => {
    const replay = replayOf(createRng(6), 10);
    const short = { ...replay.units, costMinor: new Float64Array(3) };
    expect(() => measureCampaign(short, facts(replay))).toThrow(RangeError);
    expect(() => measureCampaign(replay.units, { ...facts(replay), holdoutRate: 0 })).toThrow(RangeError);
  });
});
