import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'leastwise-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = `
import { compile, type Decision, evaluate, type Organization, parseAuthorizationDetails, readCase } from 'leastwise/access';

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] };
const request = { principal: 'arn:aws:iam::111122223333:user/amy', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourceAccount: '111122223333', context: {} };
const read = readCase(JSON.stringify({ request, identityPolicies: [policy] }));
if (!read.ok) throw new Error(read.error);
const one: Decision = evaluate(read.value.situation);

const details = parseAuthorizationDetails(
  [{ UserDetailList: [{ UserName: 'amy', UserId: 'AIDAAMY', Arn: request.principal, UserPolicyList: [{ PolicyName: 'own', PolicyDocument: policy }] }] }],
  '2026-11-02T09:30:00Z' as Parameters<typeof parseAuthorizationDetails>[1],
);
const organization: Organization = { inventories: details.inventories, tree: null, resources: [] };
const many = compile(organization).evaluate({
  principal: request.principal,
  principalKind: null,
  principalRoleArn: null,
  federatingUserArn: null,
  action: 's3:PutObject',
  resource: request.resource,
  resourceAccount: request.resourceAccount,
  context: new Map(),
  unknown: 'all',
  sessionPolicies: null,
  vpcEndpointPolicies: [],
});
console.log(one.outcome, many.outcome);
`;

describe('the package', () => {
  beforeAll(async () => {
    await run('npm', ['pack', '--pack-destination', folder], { cwd: resolve('.'), maxBuffer: 1 << 26 });
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const offline = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', `./${tarball}`, ...offline], { cwd: folder });
  }, 180_000);

  test('brings nothing along: no AWS dependency, no dependency at all', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['leastwise']);
    const code = readFileSync(join(folder, 'node_modules/leastwise/dist/access/index.js'), 'utf8');
    expect(code.match(/^\s*(?:import|export) .* from ["'](?!\.)/gm) ?? []).toEqual([]);
    expect(code).not.toContain('@aws-sdk');
  });

  test('is type-checked and runs where only it is installed', async () => {
    writeFileSync(join(folder, 'program.ts'), program);
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      skipLibCheck: false,
      types: [],
      lib: ['ES2023', 'DOM'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]).catch(
      ({ stdout }: { stdout: string }) => {
        throw new Error(stdout);
      },
    );
    const { stdout } = await run(process.execPath, [join(folder, 'program.js')]);
    expect(stdout).toBe('allowed implicit-deny\n');
  }, 60_000);

  test('a mistake in the types is seen', async () => {
    writeFileSync(
      join(folder, 'program.ts'),
      "import { evaluate } from 'leastwise/access';\nevaluate('no situation');\n",
    );
    await expect(
      run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]),
    ).rejects.toMatchObject({ stdout: expect.stringContaining('not assignable') });
  }, 60_000);

  test('holds the command line, which runs there', async () => {
    expect(existsSync(join(folder, 'node_modules/.bin/leastwise'))).toBe(true);
    const { stdout } = await run(join(folder, 'node_modules/.bin/leastwise'), ['can', '--help']);
    expect(stdout).toContain('whether somebody may do something');
  }, 60_000);
});
