import { defineConfig, listText, requiredVariable, urlText } from '@counterfoil/runtime';

/** Short enough to be guessed is as good as none. */
const keyLengthMin = 32;

const keysText = listText
  .refine((keys) => keys.length > 0, 'must name a key')
  .refine((keys) => keys.every((key) => key.length >= keyLengthMin && !/\s/.test(key)), {
    message: `must be at least ${keyLengthMin} characters without blanks (two with a comma during a rotation)`,
  });

/** What our services show each other. The first is sent, all are accepted. */
export const internalKeyConfig = defineConfig({
  INTERNAL_API_KEY: requiredVariable(keysText, {
    meaning:
      'The key that our services show each other; during a rotation the new and the old one, with a comma',
    isSecret: true,
  }),
});

const httpUrl = urlText(['http', 'https']);
const urlsText = listText
  .refine((urls) => urls.length > 0, 'must name a URL')
  .refine((urls) => urls.every((url) => httpUrl.safeParse(url).success), {
    message: 'must be http:// or https:// URLs (several instances with commas)',
  });

/** Where another service of ours is asked: one address in front of it, or its instances. */
export const serviceUrls = (meaning: string) => requiredVariable(urlsText, { meaning });
