import { type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { cryptomateBody } from './wire.ts';

/** What is told and moves no money: a challenge, a state of the holder, a block of another card. */
export function cryptomateNotices({ customer, id, at }: StorySetting): Story {
  const challenge = id('challenge');
  const blocked = id('blocked-card');
  return {
    provider: 'cryptomate',
    name: 'notices',
    steps: [
      tell(
        'challenge',
        cryptomateBody(
          'C',
          { product: 'cards', eventType: 'notification_3ds_authorization', status: 'pending' },
          challenge,
          {
            code: challenge,
            card_id: customer.card,
            merchant_name: 'Tienda Norte',
            merchant_country_code: 'ESP',
            transaction_amount: '64.50',
            transaction_currency: 'EUR',
            transaction_timestamp: at(1),
          },
        ),
      ),
      tell(
        'client-status',
        cryptomateBody(
          'C',
          { product: 'company_activity', eventType: 'client_status', status: 'success' },
          customer.client,
          { id: customer.client, status: 'active', rejection_code: null, updated_at: at(2) },
        ),
      ),
      tell(
        'blocked',
        cryptomateBody(
          'C',
          { product: 'cards', eventType: 'card_blocked_by_velocity', status: 'success' },
          blocked,
          { card_id: blocked, company_id: id('company'), blocked_at: at(3) },
        ),
      ),
    ],
    expectedDecision: null,
    outcome: () => [],
  };
}
