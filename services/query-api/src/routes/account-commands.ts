import { accountId } from '@counterfoil/domain';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { type Api, commandRouteOf } from '../api.ts';
import { answerWithAccount, receiptOf } from '../commands/account-answer.ts';
import { moneyOfRequest } from '../commands/money-of-request.ts';
import {
  acceptedSchema,
  accountSchema,
  openAccountRequest,
  referenceRequest,
  statusChangeRequest,
} from '../schemas/account.ts';
import { positioned } from '../schemas/page.ts';
import { moneyRequest } from '../schemas/scalars.ts';
import { accountPath } from './accounts.ts';

/** Ids of what is opened for references nobody has linked. */
const reservedPrefixes = ['auto.', 'suspense.'];

const answers = { 200: positioned(accountSchema), 202: positioned(acceptedSchema) };

/** Commands that change an account, each answered with the account as it is after the command. */
export function accountCommandRoutes(server: HttpServer, api: Api): void {
  const { commands, runCommand } = api;
  const route = (summary: string) => commandRouteOf(api, 'accounts', 'accounts:write', summary);

  const open = route('Open an account; the same request again answers as the first');
  const openAnswers = { 201: positioned(accountSchema), 202: positioned(acceptedSchema) };
  server.post(
    '/v1/accounts',
    { ...open, schema: { ...open.schema, body: openAccountRequest, response: openAnswers } },
    async (request, reply) =>
      runCommand(request, reply, async (command) => {
        const { accountId: id, kind, references } = request.body;
        const reserved = reservedPrefixes.find((prefix) => id?.startsWith(prefix));
        if (reserved !== undefined)
          throw problemError('account-id-reserved', `Ids that begin with ${reserved} are ours.`);
        const account = { accountId: id === undefined ? null : accountId(id), kind, references };
        const receipt = receiptOf(await commands.openAccount(account, command));
        return answerWithAccount(api, receipt, 201);
      }),
  );

  const link = route('Link a reference; money that it received already moves here');
  const linkSchema = { ...link.schema, params: accountPath, body: referenceRequest };
  server.post(
    '/v1/accounts/:accountId/references',
    { ...link, schema: { ...linkSchema, response: answers } },
    async (request, reply) =>
      runCommand(request, reply, async (command) => {
        const id = accountId(request.params.accountId);
        const linked = { accountId: id, reference: request.body };
        return answerWithAccount(
          api,
          receiptOf(await commands.linkReference(linked, command)),
          200,
        );
      }),
  );

  const creditLimit = route('Set how far below zero an account may go in one asset');
  const creditLimitSchema = { ...creditLimit.schema, params: accountPath, body: moneyRequest };
  server.put(
    '/v1/accounts/:accountId/credit-limit',
    { ...creditLimit, schema: { ...creditLimitSchema, response: answers } },
    async (request, reply) =>
      runCommand(request, reply, async (command) => {
        const limit = moneyOfRequest(request.body, api.amountMax);
        const limited = { accountId: accountId(request.params.accountId), limit };
        const receipt = receiptOf(await commands.setCreditLimit(limited, command));
        return answerWithAccount(api, receipt, 200);
      }),
  );

  for (const { path, summary, change } of [
    {
      path: 'freeze',
      summary: 'Decline what the account is asked',
      change: commands.freezeAccount,
    },
    { path: 'unfreeze', summary: 'Lift a freeze', change: commands.unfreezeAccount },
    { path: 'close', summary: 'Close an empty account', change: commands.closeAccount },
  ]) {
    const status = route(summary);
    const statusSchema = { ...status.schema, params: accountPath, body: statusChangeRequest };
    server.post(
      `/v1/accounts/:accountId/${path}`,
      { ...status, schema: { ...statusSchema, response: answers } },
      async (request, reply) =>
        runCommand(request, reply, async (command) => {
          const reason = request.body?.reason ?? 'asked for by the API';
          const changed = { accountId: accountId(request.params.accountId), reason };
          return answerWithAccount(api, receiptOf(await change(changed, command)), 200);
        }),
    );
  }
}
