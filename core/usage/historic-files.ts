/** A message of the full lane that names old files: as S3 notifies of new ones, and marked, which S3 never does. */
interface HistoricMessage {
  historic: true;
  Records: { s3: { bucket: { name: string }; object: { key: string } } }[];
}

/** A message that fails comes back whole, so it names few files. */
const filesAMessage = 10;

/**
 * The messages that have old files learned from and not scored. Digests, insights and whatever else lies beside the log
 * files is left out: nothing of it would be taken in.
 */
export function historicFiles(bucket: string, keys: readonly string[]) {
  const logs = keys.filter((key) => /\/CloudTrail\/.+\.json(\.gz)?$/.test(key)).sort();
  const messages: HistoricMessage[] = [];
  for (let from = 0; from < logs.length; from += filesAMessage) {
    const some = logs.slice(from, from + filesAMessage);
    messages.push({
      historic: true,
      // Keys are written as S3 writes them: whoever reads the message decodes them.
      Records: some.map((key) => ({ s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key) } } })),
    });
  }
  return { messages, files: logs.length, skipped: keys.length - logs.length };
}
