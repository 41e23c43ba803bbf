import type { UsageEvent } from '../../usage/event.ts';

/** The account that a principal, an ARN or an account id names, undefined where it names none. */
export function accountNamedBy(text: string): string | undefined {
  if (/^\d{12}$/.test(text)) return text;
  const account = text.startsWith('arn:') ? text.split(':')[4] : undefined;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Whether the text names an account that is neither the event's nor the caller's. */
export function isForeign(event: UsageEvent, text: string): boolean {
  const account = accountNamedBy(text);
  return account !== undefined && account !== event.account && account !== event.caller.account;
}
