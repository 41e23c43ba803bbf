import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default function removeProgram() {
  const program = process.env.LEASTWISE_PROGRAM;
  if (program) rmSync(dirname(program), { recursive: true });
}
