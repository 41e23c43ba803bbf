import { policyTextOf } from '../../core/policy/text.ts';

/** IAM's answer where an entity does not exist. A missing policy of a missing principal is as absent as any. */
const isMissing = (fault: unknown): boolean =>
  fault instanceof Error && (fault.name === 'NoSuchEntityException' || fault.name === 'NoSuchEntity');

/** The answer, or null where IAM says that there is no such entity; every other fault is thrown. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (fault) {
    if (isMissing(fault)) return null;
    throw fault;
  }
}

/** A document of an answer, byte for byte. An answer without one is a fault, not an empty policy. */
export function documentOf(document: string | undefined, what: string): string {
  const text = policyTextOf(document);
  if (text === undefined) throw new Error(`IAM gave no readable document of ${what}`);
  return text;
}
