import type { Statement } from './statement.ts';
import type { Filled } from './variables.ts';

/** Whether an action pattern of a policy covers the action. Case does not count. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matchesGlob(pattern.toLowerCase(), action.toLowerCase());

/** Whether the statement speaks of the action, by Action or by NotAction. */
export const coversAction = ({ actions }: Pick<Statement, 'actions'>, action: string): boolean =>
  actions.patterns.some((pattern) => matchesAction(pattern, action)) !== actions.not;

/** Whether a resource pattern of a policy covers the resource. Case counts; `*` crosses `/` and `:`. */
export const matchesResource = (pattern: string, resource: string): boolean => matchesGlob(pattern, resource);

/** True where the pattern names one thing: no `*`, no `?`. */
export const isExact = (pattern: string): boolean => !pattern.includes('*') && !pattern.includes('?');

/** Whether the text has the form of the pattern. */
export const matchesPattern = (pattern: Filled, text: string): boolean => matchesSymbols(symbolsOf(pattern), text);

/** A character, `any` run of characters, or any `one`. */
export type Step = string | typeof any | typeof one;
export const any = 0;
export const one = 1;

/** A pattern character by character. */
export const symbolsOf = (pattern: Filled): Step[] =>
  pattern.flatMap((piece): Step[] =>
    piece.kind === 'text' ? piece.text.split('') : [piece.kind === 'any' ? any : one],
  );

const matchesGlob = (pattern: string, text: string): boolean =>
  isExact(pattern)
    ? pattern === text
    : matchesSymbols(
        pattern.split('').map((character) => (character === '*' ? any : character === '?' ? one : character)),
        text,
      );

/**
 * Only the last `*` is ever taken up again, since whatever an earlier one could give is covered by it: at most
 * pattern × text steps, whatever the pattern.
 */
function matchesSymbols(pattern: readonly Step[], text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < text.length) {
    if (pattern[at] === any) {
      star = at;
      resume = i;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === one || pattern[at] === text[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      i = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === any) at += 1;
  return at === pattern.length;
}
