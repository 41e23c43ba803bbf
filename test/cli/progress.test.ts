import { progressBar } from '../../cli/progress.ts';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream };
}

test('a bar is drawn where a person watches, and gone at the end', () => {
  const { written, stream: screen } = stream(true);
  const bar = progressBar('reading', screen);
  bar(1, 2);
  bar(2, 2);
  expect(written[0]).toContain('reading ████████████░░░░░░░░░░░░ 1/2');
  expect(written[1]).toBe('\r\u001b[K');
});

test('nothing is drawn into a file', () => {
  const { written, stream: file } = stream(false);
  progressBar('reading', file)(1, 2);
  expect(written).toEqual([]);
});
