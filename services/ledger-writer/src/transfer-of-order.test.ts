import { accountId } from '@counterfoil/domain';
import {
  amountOf,
  deposits,
  referenceOf,
  transferFailed,
  transferred,
} from '@counterfoil/domain/testing';
import { describe, expect, test } from 'vitest';
import { sharedStore } from './testing/shared-store.ts';

const provider = 'cryptomate';
const thirty = amountOf('30');
const wallet = referenceOf(provider, 'wallet', 'treasury');
const far = referenceOf(provider, 'address', '0x1');
const own = referenceOf(provider, 'wallet', 'own');
const owners = [referenceOf(provider, 'withdrawal', 'op-1'), wallet];
const transfer = { ...transferred('op-1', thirty, wallet, far, { provider }), owners };
const failed = transferFailed('op-1', { provider, owners });
const funds = deposits.confirmed('d1', amountOf('100'), { provider, owners: [own] });

const started = async () => {
  const { startProcess, totals } = sharedStore();
  const process = startProcess();
  await process.open('player', own);
  await process.open('receiver', far);
  await process.record(funds);
  const order = { kind: 'withdrawal', provider, orderId: 'op-1' } as const;
  const place = async () => {
    const placed = await process.commands.placeOrder(
      { accountId: accountId('player'), order: { ...order, amount: thirty, fee: amountOf('1') } },
      process.request(),
    );
    expect(placed.ok).toBe(true);
  };
  return { process, totals, place };
};

describe('a transfer from a wallet of nobody that carries out an order of ours', () => {
  test.each([
    ['placed before', ['place', 'tell']],
    ['placed after', ['tell', 'place']],
  ] as const)('is paid by the account of the order, %s', async (_when, steps) => {
    const { process, totals, place } = await started();
    for (const step of steps) await (step === 'place' ? place() : process.record(transfer));
    await process.record(transfer);
    expect(await process.money('player')).toBe('70.00 0.00 0.00');
    expect(await process.money('receiver')).toBe('30.00 0.00 0.00');
    expect([...(await totals()).keys()].filter((at) => /auto|transit/.test(at))).toEqual([]);
  });

  test.each([
    ['placed before', ['place', 'tell']],
    ['placed after', ['tell', 'place']],
  ] as const)('returns to it when it failed, %s', async (_when, steps) => {
    const { process, place } = await started();
    for (const step of steps) await (step === 'place' ? place() : process.record(failed));
    expect(await process.money('player')).toBe('100.00 0.00 0.00');
  });
});
