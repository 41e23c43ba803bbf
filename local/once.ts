import { colours } from './colours.ts';
import { type StoryOptions, tellStory } from './story/story.ts';

/** Tells the story on stdout; resolves to the exit code. */
export async function runOnce(options: Omit<StoryOptions, 'say'>): Promise<0 | 1> {
  const began = performance.now();
  console.log('Leastwise on a sample organization. Your data never leaves this process.\n');
  const broken = await tellStory({ ...options, say: (sentence) => console.log(`${colours.green('✓')} ${sentence}`) });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (broken === null) {
    console.log(`\nEvery step happened and was read back. ${seconds} s.`);
    return 0;
  }
  console.log(`${colours.red('✗')} ${broken}`);
  console.error(`\nThe story broke off after ${seconds} s: a step did not happen.`);
  return 1;
}
