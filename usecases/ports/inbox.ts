/** What came in from Slack or from a terminal, kept before it is acknowledged. */
export interface InboxItem {
  /** Hash of the signed request: the same request twice is one item. */
  id: string;
  receivedAt: string;
  /** The verified body: as received, or what STS said of it. */
  body: string;
  /** Who vouches for the body: STS, or Slack where absent. Never read from the body itself. */
  origin?: 'aws';
}

export interface Inbox {
  /** False when the item is there already (a replay). */
  store(item: InboxItem): Promise<boolean>;
  /** What still waits to be handled; undefined once it is done. */
  find(id: string): Promise<InboxItem | undefined>;
  /** The row stays, so that a replay is still recognised; `answer` is for whoever asked. */
  done(id: string, answer?: string): Promise<void>;
  /** What was answered; undefined while it waits, or where nothing was. */
  answer(id: string): Promise<string | undefined>;
}

/** Single-use nonces that buttons carry; spending is conditional. */
export interface NonceStore {
  /** True for the first `by` only, however often that one asks again (its delivery may be retried). */
  spend(nonce: string, by: string, at: string): Promise<boolean>;
}
