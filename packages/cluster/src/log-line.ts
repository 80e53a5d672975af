/** What of a line is already said by its prefix, or by nothing. */
const said = new Set(['level', 'time', 'service', 'message']);

const colours = [36, 35, 33, 32, 34, 96, 95, 93, 92, 94] as const;
const levelColours: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31 };

const painted = (text: string, colour: number | undefined, isColoured: boolean): string =>
  isColoured && colour !== undefined ? `\u001b[${colour}m${text}\u001b[39m` : text;

/** `name | text`, in the name's own colour; `index` is the place of the process in the plan. */
export function prefixed(
  name: string,
  text: string,
  options: Readonly<{ width: number; index: number; isColoured: boolean }>,
): string {
  const colour = colours[options.index % colours.length];
  return `${painted(`${name.padEnd(options.width)} |`, colour, options.isColoured)} ${text}`;
}

/** A line of JSON as a person reads it: time, level, message, the rest; any other line as it is. */
export function readable(line: string, isColoured: boolean): string {
  const fields = fieldsOf(line);
  if (fields === null) return line;
  const { time, level, message } = fields;
  const at = typeof time === 'string' ? time.slice(11, 23) : '';
  const levelText = String(level ?? '').padEnd(5);
  const rest = Object.entries(fields)
    .filter(([key]) => !said.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const shown = painted(levelText, levelColours[String(level)], isColoured);
  return [at, shown, message, ...rest].join(' ');
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}
