import type { SimulatedProvider } from './simulated-provider.ts';
import { cryptofuseWalletStories, providerStories } from './provider-stories.ts';
import { derivedSeed, seededRandom } from './random.ts';
import type { SimulatedAccount, Story } from './story.ts';
import type { Customer, Merchant, StorySetting } from './story-setting.ts';

export type WorldOptions = Readonly<{
  provider: SimulatedProvider;
  seed: number;
  /** Part of every id: two runs against one system have nothing in common. */
  run: string;
  /** The time of the first story, in milliseconds. */
  startsAt: number;
  /** Whose money it is where the provider names no account of ours; by default a new account. */
  merchant?: Pick<Merchant, 'accountId' | 'isSimulated'>;
  customers?: number;
  /** Whether some customers may run out of money, so that a decision depends on what came before. */
  mayRunOut?: boolean;
}>;

/** One provider, its customers, and an endless row of stories. */
export type World = Readonly<{
  provider: SimulatedProvider;
  accounts: readonly SimulatedAccount[];
  /** The nth story: the same for the same seed and run, whatever became of the others. */
  story: (index: number) => Story;
}>;

const customersDefault = 20;
/** One customer in so many has no money, and another may run out of it. */
const withoutMoneyEvery = 10;
/** Stories follow each other by so much, so that no two events have the same time. */
const betweenStoriesMs = 7;
const betweenMomentsMs = 1_000;
/** In hundredths: far more than any run spends, and little enough to run out. */
const plenty = 1_000_000_000;
const some = 20_000;

const shortNames: Readonly<Record<SimulatedProvider, string>> = {
  cryptomate: 'cm',
  cryptofuse: 'cf',
  '4pay': '4p',
  calypso: 'cy',
};

const namePrefix = 'sim-';

/** Whether a simulation opened the account, this one or an earlier one. */
export const isSimulatedAccount = (accountId: string): boolean => accountId.startsWith(namePrefix);

export function simulatedWorld(options: WorldOptions): World {
  const { provider, seed, run, startsAt } = options;
  const prefix = `${namePrefix}${run}-${shortNames[provider]}`;
  const merchant: Merchant = {
    ...(options.merchant ?? { accountId: `${prefix}-merchant`, isSimulated: true }),
    account: provider === 'cryptofuse' ? 'default' : `${prefix}-account`,
    treasury: `${prefix}-treasury`,
    holding: `${prefix}-holding`,
  };
  const customers = Array.from({ length: options.customers ?? customersDefault }, (_, index) =>
    customerOf(prefix, index, options.mayRunOut ?? true),
  );
  const payers = customers.filter(({ funds }) => funds !== 'none');
  const stories = merchant.isSimulated ? providerStories[provider] : cryptofuseWalletStories;
  return {
    provider,
    accounts: [
      ...customers.map((customer) => accountOf(provider, customer)),
      ...(options.merchant === undefined ? [merchantAccount(provider, merchant)] : []),
    ],
    story: (index) => {
      const random = seededRandom(derivedSeed(seed, index));
      const [first] = payers;
      if (!first) throw new Error('A world has somebody who can pay.');
      const setting: StorySetting = {
        random,
        customer: random.pick([first, ...customers]),
        payer: random.pick([first, ...payers]),
        payee: random.pick([first, ...payers]),
        merchant,
        id: (name) => `${prefix}-${index}-${name}`,
        at: (moment) =>
          new Date(startsAt + index * betweenStoriesMs + moment * betweenMomentsMs).toISOString(),
      };
      return random.pick(stories)(setting);
    },
  };
}

function customerOf(prefix: string, index: number, mayRunOut: boolean): Customer {
  const place = index % withoutMoneyEvery;
  const name = `${prefix}-${index}`;
  return {
    accountId: name,
    funds: place === 3 ? 'none' : place === 7 && mayRunOut ? 'some' : 'plenty',
    card: `${name}-card`,
    wallet: `${name}-wallet`,
    address: `${name}-address`,
    client: `${name}-client`,
  };
}

function accountOf(provider: SimulatedProvider, customer: Customer): SimulatedAccount {
  const { accountId, funds, card, wallet, address, client } = customer;
  return {
    accountId,
    kind: 'holder',
    references: [
      { provider, kind: 'card', externalId: card },
      { provider, kind: 'wallet', externalId: wallet },
      { provider, kind: 'address', externalId: address },
      { provider, kind: 'client', externalId: client },
    ],
    funds:
      funds === 'none'
        ? []
        : [{ asset: 'USD', hundredths: funds === 'some' ? some : plenty }, ...tokens(provider)],
  };
}

/** Orders are checked against the balance: there is always enough of what orders are made in. */
const tokens = (provider: SimulatedProvider): SimulatedAccount['funds'] => {
  const assets = {
    cryptomate: ['USDC:POLYGON'],
    cryptofuse: ['USDT:TRON', 'USDT:ETHEREUM'],
    '4pay': [],
    calypso: ['USDT:TRON', 'BTC:BITCOIN'],
  } as const;
  return assets[provider].map((asset) => ({ asset, hundredths: plenty }));
};

const merchantAccount = (provider: SimulatedProvider, merchant: Merchant): SimulatedAccount => ({
  accountId: merchant.accountId,
  kind: 'merchant',
  references: [
    { provider, kind: 'account', externalId: merchant.account },
    { provider, kind: 'wallet', externalId: merchant.treasury },
    { provider, kind: 'wallet', externalId: merchant.holding },
  ],
  funds: [{ asset: 'USD', hundredths: plenty }, ...tokens(provider)],
});
