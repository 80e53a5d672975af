import { choiceText, defineConfig, variable } from '@counterfoil/runtime';

/** What whoever writes the ledger must be told alike. */
export const ledgerConfig = defineConfig({
  UNKNOWN_ACCOUNTS: variable(choiceText(['open', 'suspend']), {
    default: 'open',
    meaning:
      'Money that names nobody we know: an account is opened for it, or it waits in suspense',
  }),
});
