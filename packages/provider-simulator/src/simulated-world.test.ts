import { expect, it } from 'vitest';
import { simulatedWorld } from './simulated-world.ts';

const world = (isSimulated: boolean) =>
  simulatedWorld({
    provider: 'cryptofuse',
    seed: 7,
    run: 'test',
    startsAt: 0,
    merchant: { accountId: 'merchant', isSimulated },
  });

/** What any number of stories may move, and whose orders they place. */
function touchedBy({ story }: ReturnType<typeof world>): ReadonlySet<string> {
  const stories = Array.from({ length: 400 }, (_, index) => story(index));
  return new Set(
    stories.flatMap(({ steps, outcome }) => [
      ...steps.flatMap((step) => (step.kind === 'order' ? [step.order.accountId] : [])),
      ...[steps, ...steps.map((step) => [step])].flatMap((told) =>
        outcome({ steps: new Set(told.map(({ id }) => id)), decision: null }).map(
          ({ accountId }) => accountId,
        ),
      ),
    ]),
  );
}

it("leaves the account alone that is somebody else's, and moves the money of an earlier simulation's", () => {
  expect(touchedBy(world(false))).not.toContain('merchant');
  expect(touchedBy(world(false)).size).toBeGreaterThan(10);
  expect(touchedBy(world(true))).toContain('merchant');
});
