/**
 * Blanks out comments and, when told to, what strings, templates and regular expressions say, so that
 * a word is looked for only where it is code. Keeps lines and columns. A regular expression is
 * recognised by what stands before it, which is enough for code that a formatter has written.
 */
export function codeOf(text: string, keepTexts: 'keep-texts' | 'blank-texts'): string {
  const known = remembered[keepTexts].get(text);
  if (known !== undefined) return known;
  const code = blanked(text, keepTexts);
  remembered[keepTexts].set(text, code);
  return code;
}

// Each rule reads every source.
const remembered = {
  'keep-texts': new Map<string, string>(),
  'blank-texts': new Map<string, string>(),
};

function blanked(text: string, keepTexts: 'keep-texts' | 'blank-texts'): string {
  const out: string[] = [];
  // For each open template: how many braces of its expression are open.
  const templates: number[] = [];
  let at = 0;
  const copy = (end: number) => {
    out.push(text.slice(at, end));
    at = end;
  };
  const blank = (end: number) => {
    out.push(text.slice(at, end).replaceAll(/[^\n]/g, ' '));
    at = end;
  };
  const literal = (end: number) => (keepTexts === 'keep-texts' ? copy(end) : blank(end));
  const templateText = () => {
    const end = endOf(text, at, '`', '${');
    const opens = text.startsWith('${', end - 2) && text[end - 3] !== '\\';
    literal(opens ? end - 2 : end);
    if (!opens) return;
    copy(end);
    templates.push(0);
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (text.startsWith('//', at)) blank(lineEnd(text, at));
    else if (text.startsWith('/*', at)) blank(text.indexOf('*/', at) + 2 || text.length);
    else if (char === "'" || char === '"') literal(endOf(text, at + 1, char));
    else if (char === '`') {
      copy(at + 1);
      templateText();
    } else if (char === '/' && isRegexAfter(out.slice(-40).join(''))) literal(regexEnd(text, at));
    else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      copy(at + 1);
      templateText();
    } else {
      const open = templates.pop();
      if (open !== undefined) templates.push(open + (char === '{' ? 1 : char === '}' ? -1 : 0));
      copy(at + 1);
    }
  }
  return out.join('');
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** After the first of the closing marks that is not escaped. */
function endOf(text: string, from: number, ...marks: readonly string[]): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else {
      const mark = marks.find((closing) => text.startsWith(closing, at));
      if (mark !== undefined) return at + mark.length;
    }
  }
  return text.length;
}

const isRegexAfter = (before: string): boolean =>
  /(^|[([{,;=:!&|?>+\n]|\breturn|\btypeof)\s*$/.test(before);

function regexEnd(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

/** The module specifiers of imports, re-exports and dynamic imports. */
export function specifiersOf(text: string): readonly string[] {
  const code = codeOf(text, 'keep-texts');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g;
  return [...code.matchAll(pattern)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  );
}
