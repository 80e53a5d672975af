import { type AuthorizationRequested, err, ok, type Result } from '@counterfoil/domain';
import type {
  Answer,
  AuthorizationDecision,
  AuthorizationResponder,
  Quarantine,
  VerifiedWebhook,
  WebhookTranslator,
} from '../provider-adapter.ts';

/** CryptoMate's hard limit for the whole answer; one attempt, no retry. */
const deadlineMs = 1200;

export const responseCode = (code: string): Answer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify({ response_code: code }),
});

/** Any other code would go to the card network as it is: there are these three and no more. */
const codeOf = (decision: AuthorizationDecision): string => {
  if (decision.kind === 'approved') return '00';
  return decision.reason === 'insufficient-funds' ? '51' : '05';
};

export function authorizationResponder(
  translate: WebhookTranslator['translate'],
): AuthorizationResponder {
  return {
    deadlineMs,
    parse: (webhook: VerifiedWebhook): Result<AuthorizationRequested, Quarantine> => {
      const events = translate(webhook);
      if (!events.ok) return events;
      const [event] = events.value;
      return event?.type === 'AuthorizationRequested'
        ? ok(event)
        : err({ code: 'type-unknown', path: '', message: 'This is not an authorization request.' });
    },
    respond: (decision) => responseCode(codeOf(decision)),
  };
}
