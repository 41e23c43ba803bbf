import type { AccountName } from './accounts.ts';
import { habits, type Post } from './habits.ts';
import { randomOf } from './random.ts';
import type { Weeks } from './weeks.ts';

/** Somebody of the benign weeks: more people than the small organization's, so that habits differ. */
export interface Colleague {
  id: string;
  post: Post;
  accounts: readonly AccountName[];
  /** A user with keys instead of Identity Center. */
  user: boolean;
  enhanced: boolean;
  /** Index of the first working day; 0: was here before. */
  joins: number;
  /** From this day on the post is another one. */
  moves: { on: number; to: Post } | null;
  home: string;
  tools: readonly string[];
  /** What this person does, by weight: nobody has the whole repertoire of a post. */
  uses: readonly (readonly [string, number])[];
  usesAfterMove: readonly (readonly [string, number])[];
}

export const tools = {
  console: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'cli-mac': 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/macos#24.5.0 md/arch#arm64 lang/python#3.13.4',
  'cli-linux': 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.4',
  script: 'Boto3/1.38.12 md/Botocore#1.38.12 ua/2.1 os/macos#24.5.0 md/arch#arm64 lang/python#3.13.4',
  terraform: 'APN/1.0 HashiCorp/1.0 Terraform/1.12.1 (+https://www.terraform.io) terraform-provider-aws/6.2.0',
} as const;

const posts: readonly (readonly [Post, number, readonly AccountName[]])[] = [
  ['developer', 15, ['staging', 'production']],
  ['platform', 7, ['tooling', 'production', 'staging']],
  ['operator', 6, ['production']],
  ['analyst', 6, ['data']],
  ['auditor', 3, ['security', 'production']],
  ['support', 5, ['production']],
];

const names =
  'agnes anouk basil birgit bogdan carla cyril dagmar deniz edith emeka esra fabio fatou gerd gisela hana henrik ilka imre iris jamal joana karim kasia lars lena malik marta mira nadia nils olga oskar paula petra rafael rosa selim sven tamara tomas uwe vera wanda xenia yara zoltan'.split(
    ' ',
  );

/** Everybody, with habits drawn from the seed. One in eight joins during the weeks; two change their post. */
export function staffOf(world: Weeks): readonly Colleague[] {
  let next = 0;
  return posts.flatMap(([post, count, accounts]) =>
    Array.from({ length: count }, (_, i) => {
      const id = names[next++]!;
      const random = randomOf(world.seed, 'staff', id);
      const moves = post === 'developer' && i < 2 ? { on: random.between(20, 52), to: 'platform' as const } : null;
      return {
        id,
        post,
        accounts,
        user: post === 'developer' && i >= 13,
        enhanced: random.chance(0.5),
        joins: i % 8 === 3 ? random.between(8, 56) : 0,
        moves,
        home: `100.${65 + next}.${random.between(1, 250)}.${random.between(1, 250)}`,
        tools: toolsOf(post, random.next(), random.next()),
        uses: repertoireOf(world, id, post),
        usesAfterMove: moves === null ? [] : repertoireOf(world, id, moves.to),
      };
    }),
  );
}

function toolsOf(post: Post, main: number, other: number): readonly string[] {
  if (post === 'support' || post === 'auditor') return [tools.console, ...(other < 0.3 ? [tools.script] : [])];
  const cli = main < 0.5 ? tools['cli-mac'] : tools['cli-linux'];
  if (other < 0.4) return [cli, tools.console];
  return other < 0.65 ? [cli, tools.console, tools.script] : [cli];
}

/** A third of the rare things nobody in particular ever does. */
function repertoireOf(world: Weeks, id: string, post: Post): readonly (readonly [string, number])[] {
  const random = randomOf(world.seed, 'repertoire', id, post);
  return habits[post].flatMap(([use, weight]) => {
    const taste = 0.3 + 2 * random.next() ** 2;
    return weight < 1 && random.chance(0.35) ? [] : [[use, weight * taste] as const];
  });
}
