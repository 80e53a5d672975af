import type { Running } from '@counterfoil/standalone';

/** What to try while the demo stays up. */
export const lookAround = ({ url, adminApiKey }: Running): readonly string[] => {
  const curl = `curl -s -H "Authorization: Bearer $KEY"`;
  return [
    '',
    `It stays up for a look around: ${url}   (API description: ${url}/docs)`,
    '',
    `  KEY='${adminApiKey.key}'`,
    `  ${curl} ${url}/v1/accounts/holder-1/balances`,
    `  ${curl} '${url}/v1/accounts/holder-1/statement?asset=USD'`,
    `  ${curl} '${url}/v1/inbound-webhooks?status=quarantined'`,
    `  ${curl} '${url}/v1/reviews?status=open'`,
    '',
    'Ctrl-C ends it and removes its data.',
  ];
};
