import type { Brand } from './ids.ts';
import { err, ok, type Rejection, type Result } from './result.ts';

/** ISO 4217 code or `SYMBOL:NETWORK`: `USD`, `USDT:TRON`; the registry knows its scale. */
export type Asset = Brand<string, 'Asset'>;

/** `scale`: decimals kept in the books. `digits`: decimals shown at least. */
export type AssetDefinition = Readonly<{ asset: Asset; scale: number; digits: number }>;

/** Fractions of a cent post exactly, so fiat keeps more decimals than ISO 4217 shows. */
const fiatScale = 6;

const fiatByDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD ' +
    'CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD ' +
    'GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD ' +
    'MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP ' +
    'PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS ' +
    'TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** Decimals are those of the chain's token contract. */
const cryptoScales: Readonly<Record<string, number>> = {
  'BTC:BITCOIN': 8,
  'ETH:ETHEREUM': 18,
  'BNB:BSC': 18,
  'TRX:TRON': 6,
  'POL:POLYGON': 18,
  'DOGE:DOGECOIN': 8,
  'LTC:LITECOIN': 8,
  'USDT:TRON': 6,
  'USDC:TRON': 6,
  'USDT:ETHEREUM': 6,
  'USDC:ETHEREUM': 6,
  'DAI:ETHEREUM': 18,
  'FRAX:ETHEREUM': 18,
  'BUSD:ETHEREUM': 18,
  'USDT:BSC': 18,
  'BUSD:BSC': 18,
  'USDT:POLYGON': 6,
  'USDC:POLYGON': 6,
  'USDT:ARBITRUM': 6,
};

/** A token is shown with at least two decimals, as a dollar would be. */
const cryptoDigits = 2;

function definitions(): ReadonlyMap<string, AssetDefinition> {
  const known = new Map<string, AssetDefinition>();
  for (const [digits, codes] of Object.entries(fiatByDigits))
    for (const code of codes.split(' '))
      known.set(code, { asset: code as Asset, scale: fiatScale, digits: Number(digits) });
  for (const [code, scale] of Object.entries(cryptoScales))
    known.set(code, { asset: code as Asset, scale, digits: cryptoDigits });
  return known;
}

const registry = definitions();

/** Every asset the books can hold, fiat first. */
export const assets: readonly AssetDefinition[] = [...registry.values()];

/** The exact code, upper case. An unknown asset is refused, never guessed. */
export function assetOf(code: string): Result<Asset, Rejection<'asset-unknown'>> {
  const found = registry.get(code);
  if (found) return ok(found.asset);
  // By characters: half of one could not be stored.
  const shown = Array.from(code).slice(0, 40).join('');
  return err({ code: 'asset-unknown', message: `"${shown}" is not a known asset.` });
}

export function definitionOf(asset: Asset): AssetDefinition {
  const found = registry.get(asset);
  if (!found) throw new Error(`Invariant broken: asset ${asset} was not made by the registry`);
  return found;
}
