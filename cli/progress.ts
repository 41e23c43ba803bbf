const width = 24;

/** A bar on stderr where a person watches; nothing at all where the output goes to a file. */
export function progressBar(
  label: string,
  stream: NodeJS.WriteStream = process.stderr,
): (done: number, total: number) => void {
  if (!stream.isTTY) return () => {};
  return (done, total) => {
    if (done >= total) {
      stream.write('\r\u001b[K');
      return;
    }
    const filled = Math.round((done / total) * width);
    stream.write(`\r\u001b[K${label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`);
  };
}
