import { eventLogConfig, processConfig } from '@counterfoil/adapters';
import { modelNames } from '@counterfoil/read-models';
import { defineConfig, listText, variable } from '@counterfoil/runtime';

const modelsText = listText.transform((given, context) => {
  const chosen = modelNames.filter((name) => given.includes(name));
  for (const name of given)
    if (!chosen.some((known) => known === name))
      context.addIssue({ code: 'custom', message: `there is no read model "${name}"` });
  return chosen;
});

/** Every variable of the projector's process. */
export const projectorConfig = defineConfig({
  ...processConfig({ port: 4004, databaseConnectionsMax: 16 }),
  ...eventLogConfig,
  PROJECTOR_MODELS: variable(modelsText, {
    default: modelNames.join(','),
    defaultMeans: 'all of them',
    meaning: `The read models that this process keeps, with commas: ${modelNames.join(', ')}`,
  }),
});
