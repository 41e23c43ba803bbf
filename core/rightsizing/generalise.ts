/**
 * Resource patterns for what an action was used on, a little wider than that: things come and go in a place, places stay.
 * An object stands for the folder at the top of its bucket where all objects seen lie in one that bears no number (dates
 * and ids do), else for its bucket; a table for its indexes, a function for its versions. Everything else stands for itself.
 */
export function generalise(resources: readonly string[]): readonly string[] {
  const objects = new Map<string, string[]>();
  const patterns = new Set<string>();
  for (const resource of resources) {
    const [, bucket, key] = /^(arn:[a-z-]+:s3:::[^/]+)\/(.+)$/s.exec(resource) ?? [];
    if (bucket === undefined || key === undefined) for (const each of widened(resource)) patterns.add(each);
    else objects.set(bucket, [...(objects.get(bucket) ?? []), key]);
  }
  for (const [bucket, keys] of objects) patterns.add(`${bucket}/${folderOf(keys)}*`);
  return [...patterns].sort();
}

function folderOf(keys: readonly string[]): string {
  const tops = new Set(keys.map((key) => (key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : '')));
  const [top = ''] = tops;
  // One key alone shows no folder, and what a policy would read as its own must not come from a name.
  return tops.size === 1 && keys.length > 2 && !/[\d*?$]/.test(top) ? top : '';
}

function widened(resource: string): readonly string[] {
  if (/^arn:[a-z-]+:dynamodb:[^:]*:\d*:table\/[^/]+$/.test(resource)) return [resource, `${resource}/index/*`];
  if (/^arn:[a-z-]+:lambda:[^:]*:\d*:function:[^:]+$/.test(resource)) return [resource, `${resource}:*`];
  return [resource];
}
