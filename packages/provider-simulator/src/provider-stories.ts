import type { SimulatedProvider } from './simulated-provider.ts';
import { fourpayAccountFee, fourpayTopUp, fourpayWithdrawal } from './4pay/account-stories.ts';
import {
  fourpayCardFee,
  fourpayCardStates,
  fourpayCardTransfer,
  fourpayPurchase,
} from './4pay/card-stories.ts';
import { calypsoCustomerDeposit, calypsoInvoice, calypsoTopUp } from './calypso/money-in.ts';
import { calypsoFiatDeposit, calypsoFiatWithdrawal, calypsoPayout } from './calypso/money-out.ts';
import { merchantPaymentG2a, merchantPaymentG2b, walletPayment } from './cryptofuse/payments.ts';
import { walletTransfer, withdrawalG1, withdrawalG2b } from './cryptofuse/withdrawals.ts';
import { cardPurchase } from './cryptomate/card-purchase.ts';
import { cryptomateNotices } from './cryptomate/notices.ts';
import {
  internalTransfer,
  pushOrRamp,
  treasuryTransfer,
  walletDeposit,
  walletWithdrawal,
} from './cryptomate/wallet-stories.ts';
import type { Story } from './story.ts';
import type { StorySetting } from './story-setting.ts';

type StoryMaker = (setting: StorySetting) => Story;
type StoryMakers = readonly [StoryMaker, ...StoryMaker[]];

/** CryptoFuse names no account of ours: where that one is somebody else's, these leave it alone. */
export const cryptofuseWalletStories: StoryMakers = [walletPayment, withdrawalG1, withdrawalG2b];

/** What each provider tells; what stands twice is told twice as often. */
export const providerStories: Readonly<Record<SimulatedProvider, StoryMakers>> = {
  cryptomate: [
    cardPurchase,
    cardPurchase,
    cardPurchase,
    cardPurchase,
    walletDeposit,
    walletDeposit,
    pushOrRamp,
    walletWithdrawal,
    internalTransfer,
    treasuryTransfer,
    cryptomateNotices,
  ],
  cryptofuse: [
    walletPayment,
    walletPayment,
    merchantPaymentG2a,
    merchantPaymentG2b,
    withdrawalG1,
    withdrawalG2b,
    walletTransfer,
  ],
  '4pay': [
    fourpayPurchase,
    fourpayPurchase,
    fourpayPurchase,
    fourpayCardTransfer,
    fourpayCardFee,
    fourpayCardStates,
    fourpayTopUp,
    fourpayAccountFee,
    fourpayWithdrawal,
  ],
  calypso: [
    calypsoInvoice,
    calypsoInvoice,
    calypsoCustomerDeposit,
    calypsoCustomerDeposit,
    calypsoTopUp,
    calypsoPayout,
    calypsoPayout,
    calypsoFiatWithdrawal,
    calypsoFiatDeposit,
  ],
};
