import type { MoneyText } from '@counterfoil/domain';
import type { Output } from '../output.ts';
import type { DemoReport } from './demo-report.ts';

const moneyText = (money: MoneyText | null): string =>
  money === null ? '' : `${money.amount} ${money.asset}`;

const amountText = (money: MoneyText | null): string => money?.amount ?? '';

/** Of amounts in one line of a table; two assets in one would both be named. */
const assetOf = (amounts: readonly (MoneyText | null)[]): string =>
  [...new Set(amounts.flatMap((money) => (money === null ? [] : [money.asset])))].join(', ');

/** The report as tables, in the order in which the story is told. */
export function printReport(output: Output, report: DemoReport): void {
  printDeliveries(output, report);
  printBooks(output, report);
  printOrders(output, report);
  printWaiting(output, report);
  printSimulation(output, report);
  printProof(output, report);
}

function titled(
  output: Output,
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  output.line(`\n${title}`);
  output.table(head, rows);
}

function printDeliveries(output: Output, { providers, latency }: DemoReport): void {
  titled(
    output,
    'Deliveries',
    ['provider', 'delivered', 'late', 'duplicates', 'variants', 'refused (401)', 'quarantined'],
    Object.entries(providers).map(([provider, counts]) => [
      provider,
      `${counts.delivered}`,
      `${counts.late}`,
      `${counts.duplicates}`,
      `${counts.variants}`,
      `${counts.refused}`,
      `${counts.quarantined}`,
    ]),
  );
  titled(
    output,
    'Latency in milliseconds, as the provider measures it',
    ['', 'p50', 'p99', 'max'],
    [
      ['acknowledgement', latency.acknowledgementMs],
      ['authorization', latency.authorizationMs],
    ].map(([name, summary]) =>
      typeof summary === 'object'
        ? [String(name), ...[summary.p50, summary.p99, summary.max].map((ms) => ms.toFixed(2))]
        : [],
    ),
  );
}

function printBooks(output: Output, { accounts, cards }: DemoReport): void {
  titled(
    output,
    'Balances',
    ['account', 'kind', 'asset', 'available', 'held', 'reserved', 'total'],
    accounts.flatMap(({ accountId, kind, balances }) =>
      balances.map((balance) => [
        accountId,
        kind,
        balance.asset,
        balance.available,
        balance.held,
        balance.reserved,
        balance.total,
      ]),
    ),
  );
  titled(
    output,
    'Cards',
    ['provider', 'card', 'account', 'status', 'balance it reports'],
    cards.map((card) => [
      card.provider,
      card.cardId,
      card.accountId ?? '',
      card.status ?? '',
      moneyText(card.reportedBalance),
    ]),
  );
}

function printOrders(output: Output, { invoices, payouts, withdrawals }: DemoReport): void {
  titled(
    output,
    'Invoices',
    ['provider', 'invoice', 'account', 'status', 'asset', 'asked', 'received', 'settled', 'fees'],
    invoices.map((invoice) => [
      invoice.provider,
      invoice.invoiceId,
      invoice.accountId,
      invoice.status,
      assetOf([invoice.asked, invoice.received, invoice.settled, ...invoice.fees]),
      amountText(invoice.asked),
      amountText(invoice.received),
      amountText(invoice.settled),
      invoice.fees.map(amountText).join(', '),
    ]),
  );
  titled(
    output,
    'Payouts and withdrawals',
    ['', 'provider', 'id', 'account', 'status', 'asset', 'amount', 'fee'],
    [
      ...payouts.map((order) => ({ kind: 'payout', order })),
      ...withdrawals.map((order) => ({ kind: 'withdrawal', order })),
    ].map(({ kind, order }) => [
      kind,
      order.provider,
      order.id,
      order.accountId ?? '',
      order.status,
      assetOf([order.amount, order.fee]),
      amountText(order.amount),
      amountText(order.fee),
    ]),
  );
}

function printWaiting(output: Output, { suspense, quarantine, reviews }: DemoReport): void {
  titled(
    output,
    'Suspense: money that waits for its owner',
    ['provider', 'amount', 'why', 'since'],
    suspense.map((entry) => [entry.provider, moneyText(entry), entry.reason, entry.since]),
  );
  titled(
    output,
    'Quarantine: authentic, and not understood',
    ['provider', 'code', 'path', 'why'],
    quarantine.map(({ provider, reason }) => [
      provider,
      reason?.code ?? '',
      reason?.path ?? '',
      reason?.message ?? '',
    ]),
  );
  titled(
    output,
    'Reviews: what needs a person',
    ['reason', 'subject', 'account', 'deliveries'],
    reviews.map((review) => [
      review.reason,
      review.subject,
      review.accountId ?? '',
      `${review.deliveryIds.length}`,
    ]),
  );
}

function printSimulation(output: Output, { simulation }: DemoReport): void {
  titled(
    output,
    'Simulated traffic, after the books above: customers of its own, none of them in the tables',
    [
      'provider',
      'stories',
      'delivered',
      'out of order',
      'late',
      'sent twice',
      'unreadable',
      'altered (401)',
      'lost',
    ],
    Object.entries(simulation.providers).map(([provider, counts]) => [
      provider,
      `${counts.stories}`,
      `${counts.deliveries}`,
      `${counts.reordered}`,
      `${counts.late}`,
      `${counts.duplicates}`,
      `${counts.garbled}`,
      `${counts.alteredInTransit}`,
      `${counts.lost}`,
    ]),
  );
  output.line(
    `Seed ${simulation.seed}; \`counterfoil simulate\` plays as long and as fast as you like.`,
  );
}

function printProof(output: Output, { checks, verify, ok }: DemoReport): void {
  output.line('\nChecks');
  for (const check of checks)
    output.line(`  ${check.ok ? 'ok    ' : 'FAILED'}  ${check.name}: ${check.detail}`);
  const failed = checks.filter((check) => !check.ok).length;
  output.line(`\nverify: ${verify.events} events, drift ${verify.drift}`);
  output.line(
    ok ? `All ${checks.length} checks held.` : `${failed} of ${checks.length} checks FAILED.`,
  );
}
