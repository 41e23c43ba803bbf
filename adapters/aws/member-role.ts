import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { type SessionPolicy, sessionPolicyText } from './session-policy.ts';

/** A session in a member account. */
export interface MemberSession {
  account: string;
  /** The change id; it appears in the account's own trail and cannot be changed later in the session. */
  source: string;
  /** null: whatever the role allows. */
  policy: SessionPolicy | null;
}

interface MemberCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration?: Date;
}

/** Gives credentials for the session, each time anew. */
export type AssumeMember = (session: MemberSession) => () => Promise<MemberCredentials>;

export interface MemberRole {
  sts: STSClient;
  /** `leastwise-restrict`, `leastwise-apply`, `leastwise-lend` or `leastwise-scan`. */
  role: string;
  /** `aws` where absent. */
  partition?: string;
}

/** STS takes nothing else in a source identity, and the trust policies ask for two characters at least. */
const sourcePattern = /^[\w+=,.@-]{2,64}$/;

/** Sessions of one of Leastwise's roles in the member accounts, 15 minutes long. */
export const memberRole =
  ({ sts, role, partition = 'aws' }: MemberRole): AssumeMember =>
  ({ account, source, policy }) =>
  async () => {
    if (!sourcePattern.test(source)) throw new Error(`${JSON.stringify(source)} cannot be a source identity`);
    const { Credentials: credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:${partition}:iam::${account}:role/${role}`,
        RoleSessionName: source,
        SourceIdentity: source,
        DurationSeconds: 900,
        ...(policy === null ? {} : { Policy: sessionPolicyText(policy) }),
      }),
    );
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = credentials ?? {};
    if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error(`${role} in ${account} gave no credentials`);
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(credentials?.Expiration ? { expiration: credentials.Expiration } : {}),
    };
  };

/** Seconds before its end that a session is no longer handed out: whoever is given it works with it for a while. */
const spare = 300;

/** The same session for everybody who asks for it, until shortly before it ends. */
export function sharedSessions(assume: AssumeMember, now: () => number) {
  const sessions = new Map<string, { until: number; credentials: Promise<MemberCredentials> }>();
  return (account: string, source: string) => async (): Promise<MemberCredentials> => {
    const key = `${account} ${source}`;
    const known = sessions.get(key);
    if (known && known.until > now()) return known.credentials;
    const credentials = assume({ account, source, policy: null })();
    // A session that was refused is asked for again by the next one.
    credentials.catch(() => sessions.delete(key));
    sessions.set(key, { until: now() + (900 - spare) * 1000, credentials });
    return credentials;
  };
}
