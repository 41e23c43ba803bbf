/**
 * The JSON text of a policy document as IAM hands it over: an object (the CLI has parsed it), its text, or its text
 * URL-encoded (RFC 3986), which keeps every byte. Encoded text never begins with a brace. Undefined for anything else.
 */
export function policyTextOf(document: unknown): string | undefined {
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return JSON.stringify(document);
  if (typeof document !== 'string') return undefined;
  if (document.trimStart().startsWith('{')) return document;
  try {
    const text = decodeURIComponent(document);
    return text.trimStart().startsWith('{') ? text : undefined;
  } catch {
    return undefined;
  }
}
