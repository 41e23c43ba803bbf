import { parsePolicy } from '../policy/parse.ts';
import type { PolicyDocument } from '../policy/statement.ts';

/** The policy, undefined where there is none or IAM would not have saved it. */
export function parsedPolicy(text: string | null): PolicyDocument | undefined {
  if (text === null) return undefined;
  const parsed = parsePolicy(text);
  return parsed.ok ? parsed.value : undefined;
}
