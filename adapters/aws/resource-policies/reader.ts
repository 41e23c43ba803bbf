import type { BucketFacts, KmsGrant } from '../../../core/access/situation.ts';

/** Where a reader looks. */
export interface Place {
  account: string;
  partition: string;
  region: string;
  /** For the service's client: the region, credentials, how often to try again. */
  client: { region: string; credentials?: AwsCredentials; maxAttempts: number; retryMode: string };
}

type AwsCredentials = () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;

/** What a resource says about access. */
interface OwnSay {
  /** The document's text; null: it has none. */
  policy: string | null;
  grants?: readonly KmsGrant[];
  bucket?: BucketFacts;
}

/** A resource that was listed; its policy is read by a call of its own, or came with the list. */
export interface Listed {
  arn: string;
  read(): Promise<OwnSay>;
}

/** How one service tells the policies of its resources. */
export interface ResourcePolicyReader {
  /** As in ARNs; what IAM is asked stands under it in core/identity/reading-actions.ts. */
  service: string;
  /** True where one region answers for all. */
  isGlobal: boolean;
  list(place: Place): AsyncGenerator<Listed>;
}

/** The answer, or null where the fault of that name says that there is no policy. */
export async function unlessNone<T>(fault: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === fault) return null;
    throw error;
  }
}

/** Whether the answer is that one may not ask. */
export const isDenied = (fault: unknown): fault is Error =>
  fault instanceof Error && ['AccessDenied', 'AccessDeniedException', 'AuthorizationError'].includes(fault.name);

/** Whether the answer is that there is no such resource: it went since it was listed. */
export const isGone = (fault: unknown): boolean => fault instanceof Error && gone.includes(fault.name);

const gone = [
  'NoSuchBucket',
  'NotFoundException',
  'QueueDoesNotExist',
  'RepositoryNotFoundException',
  'ResourceNotFoundException',
];

/** Every page, one after the other; `next` of a page is what to ask for next. */
export async function* pagesOf<T>(
  ask: (next: string | undefined) => Promise<T>,
  next: (page: T) => string | undefined,
): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page = await ask(token);
    yield page;
    token = next(page);
  } while (token !== undefined && token !== '');
}
