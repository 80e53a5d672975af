import { type Instant, instant } from './ids.ts';

const dayMs = 86_400_000;
const textPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?$/;

// Four digits write a year: what an offset moves beyond them could be written and not be read.
const yearZero = -62_167_219_200_000;
export const lastInstant = instant(253_402_300_799_999);

/** The first that PostgreSQL keeps: it has no year 0, and refuses one as out of range. */
export const firstInstant = instant(-62_135_596_800_000);

/**
 * RFC 3339, also without zone (read as UTC), without seconds, or with 1 to 9 fraction digits, of
 * which milliseconds are kept. Null for anything else: no unknown value is guessed.
 */
export function parseInstant(text: string): Instant | null {
  const at = recordedInstant(text);
  return at === null || at < firstInstant ? null : at;
}

/** The same for what is recorded already: earlier builds took the year 0 in, and it must be read. */
export function recordedInstant(text: string): Instant | null {
  const match = textPattern.exec(text.trim());
  if (!match) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0'] = match;
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  if (days === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const offset = offsetMs(match[8]);
  if (offset === null) return null;
  const fractionMs = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const timeMs = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000 + fractionMs;
  const at = days * dayMs + timeMs - offset;
  return at < yearZero || at > lastInstant ? null : instant(at);
}

/** RFC 3339 in UTC with milliseconds: the one form that we write. */
export function instantText(at: Instant): string {
  if (at === latest.at) return latest.text;
  const seconds = Math.floor(at / 1000);
  const ms = at - seconds * 1000;
  latest = { at, text: `${knownSecondText(seconds)}.${ms < 100 ? pad(ms, 3) : ms}Z` };
  return latest.text;
}

// Every event writes several instants, many of them the one before, and nearly all in the second of
// now or as many days after it as a hold stands.
let latest = { at: Number.NaN, text: '' };
const secondTexts = new Map<number, string>();
const secondTextsMax = 64;

function knownSecondText(seconds: number): string {
  const known = secondTexts.get(seconds);
  if (known !== undefined) return known;
  if (secondTexts.size >= secondTextsMax) secondTexts.clear();
  const text = secondText(seconds);
  secondTexts.set(seconds, text);
  return text;
}

function secondText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const { year, month, day } = civilFromDays(days);
  const minutes = Math.floor(seconds / 60) - days * 1440;
  const time = [Math.floor(minutes / 60), minutes % 60, seconds - Math.floor(seconds / 60) * 60];
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return `${date}T${time.map((part) => pad(part, 2)).join(':')}`;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function offsetMs(zone: string | undefined): number | null {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Both directions count days in 400-year eras that begin on 1 March, so that the leap day is last.
function daysFromCivil(year: number, month: number, day: number): number | null {
  const length = month === 2 && isLeap(year) ? 29 : monthLengths[month - 1];
  if (length === undefined || day < 1 || day > length) return null;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}
