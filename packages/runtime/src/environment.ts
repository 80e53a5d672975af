import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment over what the `.env` file says; a missing file is an empty one. The
 * only file that touches `process.env`.
 */
export function readEnvironment(options: Readonly<{ envFile?: string }> = {}): Environment {
  return { ...readEnvFile(options.envFile ?? '.env'), ...process.env };
}

function readEnvFile(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`Cannot read the environment file ${path}`, { cause: error });
  }
  return parseEnv(text);
}

/** Sets a variable for the processes that this one starts from now on. */
export function handDown(name: string, value: string): void {
  process.env[name] = value;
}
