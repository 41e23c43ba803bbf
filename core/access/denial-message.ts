/** What AWS itself says about a denial, in the error message of the event. */
export interface DenialMessage {
  action: string;
  /** null where the message names none. */
  resource: string | null;
  /** null where the message gives no reason. */
  reason: { kind: 'explicit' | 'implicit'; policy: string } | null;
}

/** The one thing that every service says alike; what follows it differs. */
const said = /not authorized to perform:? ([A-Za-z0-9-]+:[A-Za-z0-9*]+)/;
/** What some services write behind the sentence. */
const behind =
  /\.?\s*(?:Encoded authorization failure message:|Go to https:|\(?Authorization ID:|\(Service: |Request ID: ).*$/is;
const named = /^ on resource: ("[^"]*"|\S+)/;
const because = /(?:(with an explicit deny in)|because (no)) (?:an? )?(.+?)(?: allows? .*)?$/s;

/** Reads an access-denied message; undefined where it names no action, as with some services. */
export function parseDenialMessage(message: string | null): DenialMessage | undefined {
  if (message === null) return undefined;
  const match = said.exec(message);
  if (!match) return undefined;
  const rest = message.slice(match.index + match[0].length).replace(behind, '');
  const resource = named.exec(rest)?.[1]?.replaceAll('"', '').replace(/[,.]$/, '');
  return { action: match[1] as string, resource: resource ?? null, reason: reasonIn(rest) };
}

function reasonIn(rest: string): DenialMessage['reason'] {
  const match = because.exec(rest.trim());
  if (!match) return null;
  return { kind: match[1] === undefined ? 'implicit' : 'explicit', policy: (match[3] as string).replace(/[.]$/, '') };
}
