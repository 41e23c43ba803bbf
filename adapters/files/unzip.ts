import { gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../../core/result.ts';
import type { Refused } from '../../core/usage/parse.ts';

/** V8 holds no longer text; CloudTrail's own files are a thousand times smaller. */
const longest = 500_000_000;

/** The text of a file, decompressed where it begins as gzip does, whatever its name says. */
export function textIn(bytes: Uint8Array): Result<string, Refused> {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!zipped && bytes.length > longest) return tooLarge();
  try {
    const plain = zipped
      ? gunzipSync(bytes, { maxOutputLength: longest })
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return ok(plain.toString('utf8'));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    if (code === 'Z_BUF_ERROR') return fail({ reason: 'truncated-gzip', detail: 'the gzip file ends too early' });
    if (code?.startsWith('Z_')) return fail({ reason: 'truncated-gzip', detail: `the gzip file is damaged (${code})` });
    throw cause;
  }
}

const tooLarge = () =>
  fail<Refused>({ reason: 'too-large', detail: 'the file holds more than 500 MB of text: split it' });
