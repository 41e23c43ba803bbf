import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { AuditObject } from '../../core/audit/verify.ts';
import { UnusableFile } from './problems.ts';

/**
 * The objects of an audit bucket that `aws s3 sync s3://BUCKET FOLDER` fetched, by their keys. Throws UnusableFile where
 * the folder is none, or holds no object of an audit.
 */
export function readAuditFolder(folder: string): readonly AuditObject[] {
  const keys = [...keysIn(folder, 'audit'), ...keysIn(folder, 'manifests')];
  if (keys.length === 0) {
    const words = 'there is neither audit/ nor manifests/ with anything in it: fetch the whole audit bucket';
    throw new UnusableFile(folder, [{ field: '', words }]);
  }
  return keys.map((key) => ({
    key,
    get text() {
      return readFileSync(join(folder, key), 'utf8');
    },
  }));
}

function keysIn(folder: string, part: string): string[] {
  try {
    return readdirSync(join(folder, part), { withFileTypes: true, recursive: true })
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(join(folder, sep).length).replaceAll(sep, '/'))
      .sort();
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UnusableFile(folder, [{ field: part, words: message }]);
  }
}
