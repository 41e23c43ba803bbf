import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default function removeProgram() {
  rmSync(dirname(process.env.LEASTWISE_PROGRAM), { recursive: true });
}
