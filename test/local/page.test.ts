/** The page in a real browser, at a real agent. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, ConsoleMessage, Page } from 'puppeteer-core';

import { configMap, eventually, layer, openCluster, refTo, type TestCluster } from '../agent/support/harness.ts';
import { accessibilityFaults, buildPage, openBrowser } from './browser.ts';
import { PASSWORD, startLocalSite, type LocalSite } from './support.ts';

jest.setTimeout(180_000);

let cluster: TestCluster;
let local: LocalSite;
let browser: Browser;
let page: Page;
/** Addresses that the page asked for. */
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  cluster = await openCluster();
  const built = await buildPage(cluster.dir);
  [local, browser] = await Promise.all([
    startLocalSite(cluster, { page: async () => built, local: { title: 'Shop Berlin' } }),
    openBrowser(),
  ]);
  const { site } = local;
  await site.applied(
    await site.plane.offer({
      layers: [layer('app', 10, configMap(site.namespace, 'shown', { color: 'blue' }))],
      context: { system: {}, macros: {}, variables: { greeting: 'hello', size: 'small', secret: 'canary' }, packs: {} },
      localVariables: [
        { name: 'greeting', displayName: 'Greeting', regex: '^[a-z ]+$', required: true },
        {
          name: 'size',
          displayName: 'Size',
          inputType: 'dropdown',
          options: [
            { value: 'small', label: 'Small' },
            { value: 'large', label: 'Large' },
          ],
        },
        { name: 'secret', displayName: 'Secret', isSensitive: true },
      ],
    }),
  );
  page = await browser.newPage();
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message: ConsoleMessage) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}, 20 * 60_000);
afterAll(async () => {
  await browser.close();
  await local.stop();
  await cluster.close();
});

/** Asks the page something; what runs there is JavaScript of the browser's. */
async function inPage(code: string): Promise<string> {
  return String(await page.evaluate(code));
}

const textOf = async (selector: string): Promise<string> =>
  inPage(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`);

/** Waits until a part of the page says something. */
async function expectShown(selector: string, text: string | RegExp): Promise<void> {
  await eventually(
    `${selector} shows ${text}`,
    async () => {
      const found = await textOf(selector).catch(() => '');
      return (typeof text === 'string' ? found.includes(text) : text.test(found)) || undefined;
    },
    () => complaints.join('\n'),
  );
}

/** Goes to the named control by the Tab key alone, as those do who have no mouse. */
async function tabTo(name: string | RegExp): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab');
    const found = await inPage(`(() => {
      const element = document.activeElement;
      return (element?.labels?.[0]?.textContent ?? element?.textContent ?? '').trim();
    })()`);
    if (typeof name === 'string' ? found === name : name.test(found)) return;
  }
  throw new Error(`no control is reached that is called ${name}`);
}

async function goTo(section: string, heading: string): Promise<void> {
  await inPage(`location.hash = '#/${section}'`);
  await expectShown('h1', heading);
}

describe('the page', () => {
  it('is left to nobody who is not signed in', async () => {
    await page.goto(`https://127.0.0.1:${local.port}/`, { waitUntil: 'networkidle2' });
    await expectShown('h1', 'Sign in');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('is signed in to by keyboard, and asks for a password of one’s own first', async () => {
    const initial = await local.initialPassword();
    await tabTo('User name');
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong password');
    await page.keyboard.press('Enter');
    await expectShown('form [role=alert]', 'wrong user name or password');
    await page.click('input[name=password]', { count: 3 });
    await page.type('input[name=password]', initial);
    await page.keyboard.press('Enter');
    await expectShown('h1', 'Choose a password');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.type('input[name=currentPassword]', initial);
    await page.type('input[name=newPassword]', PASSWORD);
    await page.type('input[name=again]', PASSWORD);
    await page.keyboard.press('Enter');
    await expectShown('h1', 'Overview');
    await expectShown('.top', /Shop Berlin · test.*healthy/);
    // The attempt that was refused is the only thing that went wrong.
    expect(complaints.splice(0).filter((text) => !text.includes('401'))).toEqual([]);
  });

  it.each([
    ['overview', 'Overview', 'revision 1'],
    ['packs', 'Packs', 'app'],
    ['nodes', 'Nodes', 'node-0'],
    ['drift', 'Drift', 'Nothing was changed'],
    ['events', 'Events', 'Severity'],
    ['variables', 'Variables', 'Greeting'],
    ['bundles', 'Bundles', 'Desired states:'],
    ['host', 'Host', 'Processors'],
    ['diagnostics', 'Diagnostics', 'Secrets are taken out'],
    ['audit', 'Audit log', 'signed in'],
    ['account', 'Account', 'admin'],
  ])('shows %s, which axe has nothing against, dark or light', async (section, heading, text) => {
    await goTo(section, heading);
    await expectShown('main', text);
    for (const value of ['dark', 'light']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('is dark or light as one wants it', async () => {
    const background = async (): Promise<string> => inPage('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.select('.top select', 'dark');
    await eventually('it is dark', async () => (await background()) !== light || undefined);
    await page.reload({ waitUntil: 'networkidle2' });
    await expectShown('.top', 'Sign out');
    expect(await background()).not.toBe(light);
    await page.select('.top select', 'system');
    await eventually('it is light', async () => (await background()) === light || undefined);
  });

  it('goes from section to section by keyboard, and says where one is', async () => {
    await goTo('overview', 'Overview');
    await inPage('document.activeElement.blur()');
    await tabTo('Packs');
    await page.keyboard.press('Enter');
    await expectShown('h1', 'Packs');
    expect(await textOf('nav [aria-current=page]')).toBe('Packs');
    await eventually(
      'the heading has the focus',
      async () => (await inPage('document.activeElement?.tagName')) === 'H1' || undefined,
    );
  });

  it('shows drift while it happens, with what was changed', async () => {
    const { site } = local;
    await goTo('drift', 'Drift');
    await site.edit(refTo(configMap(site.namespace, 'shown', {})), { data: { color: 'red' } });
    await expectShown('main', /ConfigMap .*shown.*healed.*by somebody/s);
    await expectShown('main table', /color.*blue.*red/s);
    await expectShown('[aria-live=polite]', 'Drift: ConfigMap');
  });

  it('takes values of variables, by drop-down too, and says which are wrong', async () => {
    await goTo('variables', 'Variables');
    await expectShown('main', 'Greeting');
    const field = async (label: string): Promise<string> =>
      `[id="${await inPage(`[...document.querySelectorAll('label')].find(({ textContent }) => textContent.startsWith('${label}')).htmlFor`)}"]`;
    const size = await field('Size');
    const greeting = await field('Greeting');
    const retype = async (text: string): Promise<void> => {
      await page.click(greeting, { count: 3 });
      await page.type(greeting, text);
    };
    expect(await inPage(`[...document.querySelector('${size}').options].map(({ text }) => text).join()`)).toBe(
      'Small,Large',
    );
    await page.select(size, 'large');
    await retype('HELLO');
    await page.click('main button.primary');
    await expectShown('form [role=alert]', 'nothing was saved');
    expect(await inPage(`document.querySelector('${greeting}').getAttribute('aria-invalid')`)).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await retype('good day');
    await page.click('main button.primary');
    await expectShown('main [role=status]', 'Saved');
    await expectShown('main', 'Set at this cluster');
    expect(await page.content()).not.toContain('canary');
  });

  it('makes a diagnostics bundle that can be downloaded', async () => {
    await goTo('diagnostics', 'Diagnostics');
    await page.click('main button.primary');
    await expectShown('main', 'Download the bundle');
    const head = await inPage(`fetch('/v1/edge-mgmt/edgehosts/current/download-logs')
      .then(async (answer) => new Uint8Array(await answer.arrayBuffer()).slice(0, 2).join())`);
    expect(head).toBe('31,139');
  });

  it('signs out, and the session is over', async () => {
    await goTo('overview', 'Overview');
    await inPage(
      `[...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Sign out').click()`,
    );
    await expectShown('h1', 'Sign in');
    expect(await inPage(`fetch('/v1/users/current').then(({ status }) => status)`)).toBe('401');
  });

  it('asked nobody but the agent, and broke nothing of its own policy', () => {
    expect(
      asked.filter((url) => !url.startsWith(`https://127.0.0.1:${local.port}/`) && !url.startsWith('data:')),
    ).toEqual([]);
    expect(complaints.filter((text) => /Content Security|Trusted|Uncaught/i.test(text))).toEqual([]);
  });
});
