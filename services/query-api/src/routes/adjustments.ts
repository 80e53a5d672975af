import { accountId, type Instant, instantText, moneyText, parseInstant } from '@counterfoil/domain';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { type Api, commandRouteOf } from '../api.ts';
import { accountModels, answerWhenRead, receiptOf } from '../commands/account-answer.ts';
import { positiveMoneyOfRequest } from '../commands/money-of-request.ts';
import { acceptedSchema, adjustmentRequest, adjustmentSchema } from '../schemas/account.ts';
import { positioned } from '../schemas/page.ts';
import { accountPath } from './accounts.ts';

/** Manual postings against `platform:adjustments`. */
export function adjustmentRoutes(server: HttpServer, api: Api): void {
  const route = commandRouteOf(api, 'accounts', 'adjustments:write', 'Post a manual adjustment');
  const answers = { 201: positioned(adjustmentSchema), 202: positioned(acceptedSchema) };
  const schema = { ...route.schema, params: accountPath, body: adjustmentRequest };
  server.post(
    '/v1/accounts/:accountId/adjustments',
    { ...route, schema: { ...schema, response: answers } },
    async (request, reply) =>
      api.runCommand(request, reply, async (command) => {
        const { direction, reason, effectiveAt } = request.body;
        const amount = positiveMoneyOfRequest(request.body, api.amountMax);
        const at = effectiveAt === undefined ? null : instantOf(effectiveAt);
        const adjustmentId: string = command.commandId;
        const id = accountId(request.params.accountId);
        const outcome = await api.commands.postAdjustment(
          { accountId: id, adjustmentId, amount, direction, reason, effectiveAt: at },
          command,
        );
        return answerWhenRead(api, receiptOf(outcome), accountModels, 201, async () => {
          const account = await api.readModels.findAccount(id);
          if (account === null) return null;
          const posted = { adjustmentId, accountId: id as string, ...moneyText(amount), direction };
          const effective = at === null ? null : instantText(at);
          return { ...posted, reason, actor: command.actor, effectiveAt: effective, account };
        });
      }),
  );
}

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at !== null) return at;
  const errors = [{ path: 'body/effectiveAt', message: 'is not a time of the calendar' }];
  throw problemError('request-malformed', undefined, { errors });
}
