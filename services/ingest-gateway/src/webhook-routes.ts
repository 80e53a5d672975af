import { channelHeader } from '@counterfoil/providers';
import {
  type Clock,
  type HttpServer,
  problemError,
  type RawAnswer,
  type RawRequest,
  registerRaw,
} from '@counterfoil/runtime';
import { bodyBytesMax } from './reception/readable-body.ts';
import type { WebhookRequest } from './reception/archive.ts';
import type { ReceptionAnswer } from './reception/reception.ts';

/** Ours alone: it is set over whatever a sender puts there, and goes no further than this file. */
const startedAtHeader = 'x-counterfoil-started-at';

/** `POST /webhooks/:provider` and `/webhooks/:provider/:token`, with the exact bytes of the body. */
export function registerWebhooks(
  server: HttpServer,
  clock: Clock,
  receive: (request: WebhookRequest) => Promise<ReceptionAnswer>,
): void {
  const handle = async (request: RawRequest): Promise<RawAnswer> => {
    const headers = new Map(request.headers);
    const startedAt = Number(headers.get(startedAtHeader));
    headers.delete(startedAtHeader);
    headers.delete(channelHeader);
    const { provider = '', token = null } = request.params;
    return rawAnswer(await receive({ provider, token, headers, body: request.body, startedAt }));
  };
  void server.register(async (scope) => {
    // The deadline of an authorization runs from here, where the body is still on its way.
    scope.addHook('onRequest', async (request) => {
      request.headers[startedAtHeader] = String(clock.monotonic());
    });
    for (const path of ['/webhooks/:provider', '/webhooks/:provider/:token'])
      registerRaw(scope, {
        path,
        summary: 'A webhook of a provider; answered in the form that the provider expects',
        bodyLimitBytes: bodyBytesMax,
        handle,
      });
  });
}

function rawAnswer(answered: ReceptionAnswer): RawAnswer {
  switch (answered.kind) {
    case 'answer':
      return answered.answer;
    case 'unauthorized':
      throw problemError(answered.code);
    case 'not-found':
      throw problemError('route-not-found');
    case 'too-large':
      throw problemError('body-too-large');
    case 'unavailable':
      throw problemError('unavailable', 'The webhook could not be stored; send it again.');
    case 'overloaded':
      throw problemError('unavailable', 'Too many webhooks at once; send it again.');
  }
}
