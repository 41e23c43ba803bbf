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
  find(id: string): Promise<InboxItem | undefined>;
  done(id: string): Promise<void>;
}

/** Single-use nonces that buttons carry; spending is conditional. */
export interface NonceStore {
  /** True exactly once a nonce. */
  spend(nonce: string, by: string, at: string): Promise<boolean>;
}
