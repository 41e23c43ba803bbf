import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, chromium, type Page, selectors } from 'playwright-core';

/** Debian's chromium; another one where CHROMIUM names it. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

let system: ChildProcess;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

/** Starts what `npm start` starts; resolves to the address that it prints, and how long that took. */
async function start(): Promise<{ url: string; seconds: number }> {
  const began = Date.now();
  system = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let said = '';
    system.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url) resolve({ url, seconds: (Date.now() - began) / 1000 });
    });
    system.on('exit', (code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
  });
}

beforeAll(async () => {
  if (!existsSync(executablePath)) {
    throw new Error(`${executablePath} is missing: install Debian's chromium, or name another one in CHROMIUM`);
  }
  mkdirSync('screenshots', { recursive: true });
  const { url } = await start();
  selectors.setTestIdAttribute('data-test');
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  const ended = new Promise((resolve) => system.once('exit', resolve));
  system.kill('SIGINT');
  await ended;
});

const message = (words: string) => page.locator('.message', { hasText: words }).last();
const press = (words: string, button: string) =>
  message(words).getByRole('button', { name: button, exact: true }).click();
const clickAs = (name: string) => page.getByTestId('as').selectOption({ label: name });
const shot = (name: string) => page.screenshot({ path: `screenshots/${name}.png` });
const tab = (name: string) => page.getByTestId(`tab-${name}`).click();

/** Asks for the example that the page fills in; resolves to the person whom it clicks as. */
async function askForExample(): Promise<string> {
  await tab('Leases');
  await page.getByTestId('example').click();
  await page.getByRole('button', { name: 'Ask' }).click();
  return (await page.getByTestId('as').locator('option:checked').textContent()) ?? '';
}

/** The people that the page offers: approvers first. */
async function people(): Promise<{ approvers: string[]; others: string[] }> {
  const labels = await page.getByTestId('as').locator('option').allInnerTexts();
  return {
    approvers: labels.filter((label) => label.includes('(approver)')),
    others: labels.filter((label) => !label.includes('(approver)')),
  };
}

test('the page opens on one message that waits for an answer', async () => {
  await message('Trial for').waitFor();
  expect(await page.locator('.message').count()).toBe(1);
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(1);
  expect(await page.getByText('Your data never leaves this process').count()).toBe(1);
  await shot('1-waiting');
}, 60_000);

test('approving it in the channel changes the policy, and the page shows it verified', async () => {
  await press('Trial for', 'Approve');
  await page.locator('.change .state.verified').first().waitFor();
  await page.locator('.change .added').first().waitFor();
  expect(await message('Trial for').getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
  await shot('2-verified');
}, 60_000);

test('the calendar shows the days on which the identity used its actions', async () => {
  await tab('Ledger');
  await page.locator('.calendar rect.used').first().waitFor();
  expect(await page.locator('.calendar .row').count()).toBeGreaterThan(1);
  await shot('3-ledger');
}, 60_000);

test('the attack becomes one case, and "Not us" deactivates the key', async () => {
  await page.getByTestId('attack').click();
  await tab('Cases');
  await page.locator('.story.level-message').first().waitFor();
  await shot('4-case');
  await clickAs((await people()).approvers[1] ?? '');
  await press('did something new', 'Not us');
  await tab('Changes');
  await page.locator('.change', { hasText: 'quarantine' }).locator('.state.verified').waitFor();
  await shot('5-quarantine');
}, 60_000);

const ordersService = 'arn:aws:ecs:eu-central-1:444455556666:service/main/orders';

describe('a request', () => {
  let borrower: string;
  let other: string;
  /** Types behind `/leastwise`, as whoever is chosen. */
  const type = async (text: string) => {
    await tab('Leases');
    await page.locator('#ask').fill(text);
    await page.getByRole('button', { name: 'Ask' }).click();
  };

  const field = (name: string) => page.locator(`[data-field="${name}"]`);
  const choose = async (name: string, typed: string, option: string) => {
    await field(name).locator('input').fill(typed);
    await field(name).getByTestId('option').getByText(option, { exact: true }).click();
  };

  test('is filled into a form, whose selects ask the system what there is', async () => {
    await tab('Leases');
    await page.getByTestId('example').click();
    borrower = (await page.getByTestId('as').locator('option:checked').textContent()) ?? '';
    await type('request because the order queue is stuck');
    await field('carrier').locator('.chosen', { hasText: 'support-access' }).waitFor();
    await choose('actions', 'ecs updateserv', 'ecs:UpdateService');
    await choose('actions', 'describeservices', 'ecs:DescribeServices');
    await choose('resources', ordersService, ordersService);
    expect(await field('reason').locator('textarea').inputValue()).toBe('the order queue is stuck');
    await shot('6-form');
  }, 60_000);

  test('is told at the field what is wrong, before anything is asked for', async () => {
    await field('more').locator('textarea').fill('the orders');
    await page.getByTestId('form').getByRole('button', { name: 'Ask' }).click();
    await field('more').getByText('neither an ARN nor *').waitFor();
    expect(await page.locator('.message', { hasText: 'Lend access' }).count()).toBe(0);
    await field('more').locator('textarea').fill('');
  }, 60_000);

  test('waits in the channel for somebody else: whoever asked cannot approve it', async () => {
    await page.getByTestId('form').getByRole('button', { name: 'Ask' }).click();
    await page.getByTestId('form').waitFor({ state: 'detached' });
    await clickAs(borrower);
    other = (await people()).approvers.find((label) => label !== borrower) ?? '';
    await message('Lend access').getByText('Waiting for a decision').waitFor();
    await message('Lend access').getByText('New to').waitFor();
    await message('Lend access').getByText('nothing of it was lent to Ines').waitFor();
    await press('Lend access', 'Approve');
    await message('Nobody decides for themselves').waitFor();
    await shot('7-request');
  }, 60_000);

  test('stands on the page of whoever may decide it, and not on that of whoever asked', async () => {
    const home = page.getByTestId('page');
    await page.getByTestId('home').click();
    await home.getByText('You wait for: 1').waitFor();
    expect(await home.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
    await clickAs(other);
    await home.getByText('for Ines').waitFor();
    await shot('7-home');
  }, 60_000);

  test('can start from what was denied', async () => {
    await clickAs(borrower);
    const home = page.getByTestId('page');
    await home.getByRole('button', { name: 'What I was denied' }).click();
    const form = page.getByTestId('form');
    await form.getByText('newest first').waitFor();
    await shot('7-denied');
    await form.getByRole('button', { name: 'Request this' }).first().click();
    await field('actions').locator('.chosen').first().waitFor();
    expect(await field('reason').locator('textarea').inputValue()).toMatch(/ was denied on 2026-/);
    await shot('7-from-denial');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
    await clickAs(other);
    await home.getByText('for Ines').waitFor();
  }, 60_000);

  test('becomes access that counts down, once somebody else approves it there', async () => {
    const home = page.getByTestId('page');
    await home.getByRole('button', { name: 'Approve', exact: true }).first().click();
    await home.getByText('Yours to decide: 1').waitFor({ state: 'detached' });
    await page.getByTestId('channel').click();
    await page.locator('[data-lease="active"] .countdown').waitFor();
    await message('Access lent').getByText('AWS itself stops allowing it then').waitFor();
    await message('Lend access').getByText('Applied and read back').waitFor();
    await message('Access lent').scrollIntoViewIfNeeded();
    await shot('8-lease');
  }, 60_000);

  test('can be asked for anew by its borrower alone, who sees it in the status', async () => {
    await press('Access lent', 'Extend');
    await message('Only whoever it is lent to can ask for it to go on').waitFor();
    await clickAs(borrower);
    await press('Access lent', 'Extend');
    await message('Lend access').getByText('Waiting for a decision').waitFor();
    await type('status');
    await message(': active, ends').waitFor();
    await clickAs(other);
    await press('Lend access', 'Deny');
    await message('Lend access').getByText('Denied.').waitFor();
    await shot('9-extension');
  }, 60_000);

  test('ends by itself, and leaves a receipt', async () => {
    await page.getByTestId('advance').click();
    await page.getByTestId('advance').click();
    await page.locator('.lease .state.revoked, .lease .state.verified, .lease .state.closed').first().waitFor();
    await message('Access lent').getByText('reading back shows the policy gone').waitFor();
    await message('Access lent')
      .getByText(/Used \d+ of \d+/)
      .waitFor();
    expect(await message('Access lent').getByRole('button').count()).toBe(0);
    await message('Access lent').scrollIntoViewIfNeeded();
    await shot('10-receipt');
  }, 90_000);
});

test('what could not be carried out stays on the page until it is read', async () => {
  await page.route('**/api/request', (route) => route.fulfill({ status: 400, json: { error: 'No such thing.' } }));
  await askForExample();
  await page.locator('.problem', { hasText: 'No such thing.' }).waitFor();
  // Something else happens meanwhile, and the page reads the new state.
  const read = page.waitForResponse('**/api/state');
  await page.request.post(new URL('/api/clock', page.url()).href, { data: { advance: 60 } });
  await (await read).finished();
  expect(await page.locator('.problem').textContent()).toBe('No such thing.');
  await page.locator('.problem').click();
  expect(await page.locator('.problem').count()).toBe(0);
  await page.unroute('**/api/request');
  // The browser itself complains of the answer that was made up here.
  expect(troubles.splice(0)).toEqual([expect.stringContaining('400')]);
}, 60_000);

test('every chain of the audit verifies, and nothing went wrong in the page', async () => {
  await tab('Audit');
  await page.getByText('every hash follows from the one before').waitFor();
  await shot('11-audit');
  expect(troubles).toEqual([]);
}, 60_000);
