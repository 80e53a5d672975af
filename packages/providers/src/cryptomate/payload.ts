import { z } from 'zod';
import { decimal, id, keyword, objectOf, optional, text, time } from '../wire/field.ts';

// The `data` of every event, as the wire writes it. Only what the books or the reader need is
// named; whatever else is there stays in the archive.

/** Everything but the card, the billed amount and its currency may be absent (row 19). */
export const cardTransaction = objectOf({
  card_id: id,
  bill_amount: decimal,
  bill_currency_code: text,
  bill_currency_number: optional(text),
  transaction_amount: optional(decimal),
  transaction_currency_code: optional(text),
  transaction_currency_number: optional(text),
  exchange_rate: optional(text),
  channel: optional(text),
  created_at: optional(time),
  fees: optional(objectOf({ atm_fees: optional(decimal), fx_fees: optional(decimal) })),
  merchant_data: optional(
    objectOf({
      id: optional(text),
      name: optional(text),
      country: optional(text),
      mcc_code: optional(text),
    }),
  ),
  decline_reason: optional(objectOf({ code: optional(text) })),
  declined_reason: optional(objectOf({ response_code: optional(text) })),
  /** Only whether it is there matters: nothing checks it (row 43). */
  signature: optional(z.unknown()),
});
export type CardTransaction = z.output<typeof cardTransaction>;

/** For what is only announced or did not happen. */
export const cardNotice = objectOf({ card_id: id, created_at: optional(time) });

const token = objectOf({ address: id });

const movement = {
  wallet_id: id,
  wallet_address: optional(id),
  blockchain: optional(text),
  transaction_hash: optional(id),
  created_at: optional(time),
};

/** A deposit on chain, or fiat that was converted on its way in (`ramp_on`). */
export const deposit = objectOf({
  ...movement,
  from_wallet_address: optional(id),
  amount: optional(decimal),
  net_amount: optional(decimal),
  token: optional(token),
  exchange_rate: optional(text),
  source_amount: optional(text),
  source_currency: optional(text),
});
export type Deposit = z.output<typeof deposit>;

export const withdrawal = objectOf({
  ...movement,
  to_wallet_address: optional(id),
  amount: optional(decimal),
  token: optional(token),
  /** `warranty_withdraw` names its token flat. */
  token_address: optional(id),
  reason: optional(text),
});
export type Withdrawal = z.output<typeof withdrawal>;

export const velocityBlock = objectOf({
  card_id: id,
  company_id: optional(id),
  blocked_at: time,
  last_authorization_id: optional(id),
});

export const challenge = objectOf({
  code: id,
  card_id: id,
  merchant_name: optional(text),
  transaction_amount: optional(decimal),
  transaction_currency: optional(text),
  transaction_timestamp: optional(time),
});

export const outOfBandChallenge = objectOf({
  challenge_id: id,
  card_id: id,
  merchant_name: optional(text),
  transaction_amount: optional(decimal),
  transaction_currency: optional(text),
  expiry_time: time,
});

/** A client record is personal data: only its id, states and codes are read (R21). */
export const clientRecord = objectOf({
  id,
  status: keyword,
  rejection_code: optional(text),
  updated_at: optional(time),
});
