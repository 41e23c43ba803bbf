import { isAscii } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../../core/result.ts';
import type { Refused } from '../../core/usage/parse.ts';

/** V8 holds no longer text; CloudTrail's own files are a thousand times smaller. */
const longest = 500_000_000;

/** Bounds of what is set aside at once for what a file claims to hold: broken files claim anything. */
const [leastAtOnce, mostAtOnce] = [65_536, 33_554_432];

/** The text of a file, decompressed where it begins as gzip does, whatever its name says. */
export function textIn(bytes: Uint8Array): Result<string, Refused> {
  const plain = plainIn(bytes);
  return plain.ok ? ok(textOf(plain.value)) : plain;
}

/** Logs are nearly always ASCII, which Node decodes several times as fast when told so. */
export const textOf = (plain: Buffer): string => plain.toString(isAscii(plain) ? 'latin1' : 'utf8');

/** The bytes of a file, decompressed where it begins as gzip does. */
export function plainIn(bytes: Uint8Array): Result<Buffer, Refused> {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!zipped && bytes.length > longest) return tooLarge();
  try {
    return ok(
      zipped
        ? gunzipSync(bytes, { maxOutputLength: longest, chunkSize: chunkFor(bytes) })
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    if (code === 'Z_BUF_ERROR') return fail({ reason: 'truncated-gzip', detail: 'the gzip file ends too early' });
    if (code?.startsWith('Z_')) return fail({ reason: 'truncated-gzip', detail: `the gzip file is damaged (${code})` });
    throw cause;
  }
}

/**
 * Bytes that come out of zlib at a time; what comes in pieces is copied together once more. All comes at once where the
 * size that gzip writes at the end of a file is true, with one byte more than that.
 */
function chunkFor(zipped: Uint8Array): number {
  if (zipped.length < 4) return leastAtOnce;
  const size = new DataView(zipped.buffer, zipped.byteOffset + zipped.length - 4, 4).getUint32(0, true);
  return Math.min(Math.max(size + 1, leastAtOnce), mostAtOnce);
}

const tooLarge = () =>
  fail<Refused>({ reason: 'too-large', detail: 'the file holds more than 500 MB of text: split it' });
