/** Where a message goes that can never be handled, with its reason, so that somebody can look and put it back. */
export interface DeadLetters {
  bury(body: string, reason: string): Promise<void>;
}
