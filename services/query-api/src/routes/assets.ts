import { assets } from '@counterfoil/domain';
import { pageLimitMax } from '@counterfoil/read-models';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { cursor, pageOf } from '../schemas/page.ts';

const assetSchema = z.object({
  asset: z.string(),
  scale: z.number().int().describe('Decimals kept in the books'),
  digits: z.number().int().describe('Decimals shown at least'),
});

/** Every asset that the books can hold. */
export function assetRoutes(server: HttpServer, api: Api): void {
  const list = routeOf(api, 'ledger', 'books:read', 'List assets, fiat first');
  const limit = z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitMax);
  const querystring = z.strictObject({ limit, cursor });
  server.get(
    '/v1/assets',
    { ...list, schema: { ...list.schema, querystring, response: { 200: pageOf(assetSchema) } } },
    ({ query }) => {
      const start = startOf(query.cursor);
      const data = assets.slice(start, start + query.limit);
      const last = data.at(-1);
      const isMore = start + data.length < assets.length;
      return { data, nextCursor: isMore && last !== undefined ? last.asset : null };
    },
  );
}

/** A cursor is the last asset of the page before. */
function startOf(asset: string | undefined): number {
  if (asset === undefined) return 0;
  const index = assets.findIndex((known) => known.asset === asset);
  if (index < 0) throw problemError('cursor-malformed');
  return index + 1;
}
