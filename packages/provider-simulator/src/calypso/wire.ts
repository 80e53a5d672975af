import { type BodyValue, bodyText, digits } from '../body-text.ts';
import { type AssetCode, decimalText } from '../decimal.ts';
import type { StorySetting } from '../story-setting.ts';

const currencies: Readonly<Partial<Record<AssetCode, string>>> = {
  'USDT:TRON': 'USDT_TRX',
  'USDC:ETHEREUM': 'USDC',
  'USDT:BSC': 'USDT_BSC',
  'BTC:BITCOIN': 'BTC',
};

/** Calypso's own code of an asset. */
export const calypsoCurrency = (asset: AssetCode): string => currencies[asset] ?? asset;

/** Calypso writes coin amounts as JSON numbers. */
export const calypsoAmount = (units: bigint, asset: AssetCode): BodyValue =>
  digits(decimalText(units, asset, 0));

/** Calypso's times carry no zone. */
export const zoneless = (text: string): string => text.replace('Z', '');

/** An event in Calypso's one envelope; `moment` also numbers it. */
export function calypsoBody(
  { merchant, id, at }: StorySetting,
  eventType: string,
  moment: number,
  data: Readonly<Record<string, BodyValue>>,
): string {
  return bodyText({
    requestId: merchant.account,
    id: id(`event-${moment}`),
    createdDate: zoneless(at(moment)),
    level: 'INFO',
    service: eventType.split('_')[0] ?? '',
    eventType,
    data: { type: eventType, ...data },
  });
}
