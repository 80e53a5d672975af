import { z } from 'zod';

/** A whole number in a range. Counts, ports and milliseconds only: amounts are never numbers. */
export const integerText = (
  range: Readonly<{ min: number; max: number }>,
): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform((text) => Number.parseInt(text, 10))
    .refine((value) => value >= range.min && value <= range.max, {
      message: `must be between ${range.min} and ${range.max}`,
    });

const portMax = 65_535;
/** 0 takes a free one. */
export const portText: z.ZodType<number, string> = integerText({ min: 0, max: portMax });

/** Comma-separated; blanks around parts and empty parts are dropped. */
export const listText: z.ZodType<readonly string[], string> = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const flagText: z.ZodType<boolean, string> = z
  .string()
  .regex(/^(true|false|1|0|yes|no)$/i, 'must be true or false')
  .transform((text) => /^(true|1|yes)$/i.test(text));

export const choiceText = <const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
): z.ZodType<Choice, string> =>
  z.string().transform((text, context): Choice => {
    const choice = choices.find((one) => one === text);
    if (choice !== undefined) return choice;
    context.addIssue({ code: 'custom', message: `must be one of ${choices.join(', ')}` });
    return z.NEVER;
  });

/** An address with one of the given schemes; the text is kept as it is. */
export const urlText = (schemes: readonly [string, ...string[]]): z.ZodType<string, string> =>
  z.string().refine((text) => schemes.some((scheme) => isUrl(text, scheme)), {
    message: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

const isUrl = (text: string, scheme: string): boolean =>
  text.startsWith(`${scheme}://`) && URL.canParse(text);
