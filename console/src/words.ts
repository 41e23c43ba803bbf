/** `2026-03-01 14:05` */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;

/** The last part of an ARN or id, which a person recognises. */
export const shortName = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1) || id;

/** `1:05:09`, or `ended`. */
export function countdown(from: string, to: string): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds <= 0) return 'ended';
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** `3 principals`, `1 principal` */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
