/** What AWS itself says about a denial, in the error message of the event. */
export interface DenialMessage {
  action: string;
  /** null where the message names none. */
  resource: string | null;
  /** null where the message gives no reason. */
  reason: { kind: 'explicit' | 'implicit'; policy: string } | null;
}

const pattern =
  /is not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z0-9*]+)(?: on resource: ("[^"]*"|\S+))?(?: (with an explicit deny in|because no) (?:an? )?(.+?)(?: allows? .*)?)?$/s;

/** Reads an access-denied message; undefined where it is of another form, as some services have. */
export function parseDenialMessage(message: string | null): DenialMessage | undefined {
  const match = pattern.exec(message?.replace(/\.?\s*Encoded authorization failure message:.*$/s, '').trim() ?? '');
  if (!match) return undefined;
  const [, action, resource, how, policy] = match;
  return {
    action: action as string,
    resource: resource?.replaceAll('"', '').replace(/[,.]$/, '') ?? null,
    reason:
      how === undefined || policy === undefined
        ? null
        : { kind: how.startsWith('with') ? 'explicit' : 'implicit', policy: policy.replace(/[.]$/, '') },
  };
}
