import { readFileSync } from 'node:fs';
import type * as z from 'zod/mini';

/** What is wrong with a file: the field, and what to do about it. */
export interface Problem {
  /** `rules[0].approvers[1]`; empty: the whole. */
  field: string;
  words: string;
}

/** A file that cannot be used, with all that is wrong in it. */
export class UnusableFile extends Error {
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    const lines = problems.map(({ field, words }) => `  ${field === '' ? '' : `${field}: `}${words}`);
    super([`${file} cannot be used:`, ...lines].join('\n'));
    this.name = 'UnusableFile';
    this.problems = problems;
  }
}

/** A file's JSON; throws UnusableFile where there is none. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnusableFile(file, [{ field: '', words: 'there is no such file' }]);
    throw new UnusableFile(file, [{ field: '', words: code === undefined ? `it is not JSON: ${message}` : message }]);
  }
}

/** What a schema found wrong, each with its place. */
export function shapeProblems(issue: z.core.$ZodIssue): Problem[] {
  const field = fieldName(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      words: 'is not a field that Leastwise knows: check its spelling, or take it out',
    }));
  }
  if (issue.code === 'invalid_type') return [{ field, words: `is missing or not of the type ${issue.expected}` }];
  if (issue.code === 'invalid_value') return [{ field, words: `must be one of: ${issue.values.join(', ')}` }];
  return [{ field, words: issue.message }];
}

const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((whole, part) => {
    if (typeof part === 'number') return `${whole}[${part}]`;
    return whole === '' ? String(part) : `${whole}.${String(part)}`;
  }, '');
