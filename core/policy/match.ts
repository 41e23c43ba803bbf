import type { Statement } from './statement.ts';

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

/**
 * `*` is any run of characters, `?` is one. Only the last `*` is ever taken up again, since whatever an earlier one
 * could give is covered by it: at most pattern × text steps, whatever the pattern.
 */
function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < text.length) {
    if (pattern[at] === '*') {
      star = at;
      resume = i;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
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
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
