/** What came in from Slack, kept before it is acknowledged. */
export interface InboxItem {
  /** Hash of the signed request: the same request twice is one item. */
  id: string;
  receivedAt: string;
  /** The verified body, as received. */
  body: string;
}

export interface Inbox {
  /** False when the item is there already (a replay). */
  store(item: InboxItem): Promise<boolean>;
  /** What still waits to be handled; undefined once it is done. */
  find(id: string): Promise<InboxItem | undefined>;
  /** The row stays, so that a replay is still recognised. */
  done(id: string): Promise<void>;
}

/** Single-use nonces that buttons carry; spending is conditional. */
export interface NonceStore {
  /** True for the first `by` only, however often that one asks again (its delivery may be retried). */
  spend(nonce: string, by: string, at: string): Promise<boolean>;
}
