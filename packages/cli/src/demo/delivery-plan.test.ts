import { providerNames } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { deliveryPlan } from './delivery-plan.ts';
import { deliveriesBesideStories } from './deliveries-beside-stories.ts';
import { sampleStories } from './sample-stories.ts';

const stories = sampleStories();
const plan = deliveryPlan(stories);
const placeOf = (path: string) => plan.findIndex((delivery) => delivery.path === path);

describe('the plan of deliveries', () => {
  it('tells every story completely, and every delivery beside them', () => {
    const told = stories.flatMap(({ folder, steps }) =>
      steps.flatMap(({ deliver }) => (deliver === undefined ? [] : [`${folder}/${deliver}`])),
    );
    const beside = deliveriesBesideStories.map(({ path }) => path);
    const firsts = plan.filter(({ isRepeat }) => !isRepeat).map(({ path }) => path);
    expect(firsts.sort()).toEqual([...told, ...beside].sort());
  });

  it('is the same every time', () => {
    expect(deliveryPlan(sampleStories())).toEqual(plan);
  });

  it('asks for a decision only after what comes before it, and before what follows from it', () => {
    for (const { folder, steps } of stories) {
      const lastRequest = steps.findLastIndex(({ expect: decision }) => decision !== undefined);
      for (const [index, { deliver }] of steps.entries()) {
        if (index === lastRequest || lastRequest < 0) continue;
        const request = placeOf(`${folder}/${steps[lastRequest]?.deliver}`);
        const other = placeOf(`${folder}/${deliver}`);
        expect(other < request, `${folder}/${deliver}`).toBe(index < lastRequest);
      }
    }
  });

  it('keeps the order where the first of two bodies stands', () => {
    for (const { folder, steps } of stories.filter(({ firstStands }) => firstStands === true)) {
      const places = steps.map(({ deliver }) => placeOf(`${folder}/${deliver}`));
      expect(places).toEqual(places.toSorted((left, right) => left - right));
    }
  });

  it.each(providerNames)(
    'has late, repeated, forged and unreadable deliveries of %s',
    (provider) => {
      const own = plan.filter((delivery) => delivery.provider === provider);
      expect(own.some(({ isLate }) => isLate)).toBe(true);
      expect(own.some(({ isRepeat }) => isRepeat)).toBe(true);
      expect(own.some(({ isQuarantined }) => isQuarantined)).toBe(true);
      expect(own.map(({ credential }) => credential)).toEqual(
        expect.arrayContaining(['right', 'wrong', 'missing']),
      );
    },
  );

  it('repeats only what was delivered before, with the same decision', () => {
    for (const [index, delivery] of plan.entries()) {
      if (!delivery.isRepeat) continue;
      const first = plan.slice(0, index).find(({ path }) => path === delivery.path);
      expect(first, delivery.path).toMatchObject({ isRepeat: false, decision: delivery.decision });
    }
  });

  it('lets stories take turns', () => {
    const folders = plan.slice(0, 12).map(({ path }) => path.split('/').slice(0, 3).join('/'));
    expect(new Set(folders).size).toBeGreaterThan(8);
  });
});
