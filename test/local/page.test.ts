/** The page in a real browser, at a real agent, used by keyboard alone. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, ConsoleMessage, Page } from 'puppeteer-core';

import { mapAt } from '#kubernetes/object';

import { configMap, eventually, layer, openCluster, refTo, type TestCluster } from '../agent/support/harness.ts';
import { accessibilityFaults, buildPage, openBrowser } from './browser.ts';
import { bundleWith, PASSWORD, startLocalSite, type LocalSite } from './support.ts';

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
      layers: [
        layer('app', 10, configMap(site.namespace, 'shown', { color: 'blue' })),
        layer('sized', 20, configMap(site.namespace, 'sized', { size: '{{.spectro.var.size}}' })),
      ],
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

/** What has the focus, as it is called. */
const focused = async (): Promise<string> =>
  inPage(`(() => {
    const element = document.activeElement;
    return (element?.labels?.[0]?.textContent ?? element?.textContent ?? '').trim();
  })()`);

/** Goes to the named control by the Tab key alone, as those do who have no mouse, and sees where it is. */
async function tabTo(name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const found = await focused();
    passed.push(found.slice(0, 40));
    if (typeof name === 'string' ? found !== name : !name.test(found)) continue;
    expect(await inPage(`getComputedStyle(document.activeElement).outlineStyle`)).not.toBe('none');
    return;
  }
  throw new Error(`no control is reached that is called ${name}, but ${passed.join(' | ')}`);
}

async function press(name: string | RegExp): Promise<void> {
  await tabTo(name);
  await page.keyboard.press('Enter');
}

/** Types over what stands in the control that has the focus. */
async function typeOver(text: string): Promise<void> {
  await page.keyboard.down('Control');
  await page.keyboard.press('KeyA');
  await page.keyboard.up('Control');
  await page.keyboard.type(text);
}

/** Follows the link of a section by keyboard; its heading has the focus then. */
async function goTo(title: string): Promise<void> {
  await press(title);
  await expectShown('h1', title);
  expect(await textOf('nav [aria-current=page]')).toBe(title);
  await eventually('the heading has the focus', async () => (await focused()) === title || undefined);
}

/** Signs in by keyboard, from the top of the page. */
async function signIn(password: string): Promise<void> {
  await expectShown('h1', 'Sign in');
  await tabTo('User name');
  await typeOver('admin');
  await tabTo('Password');
  await typeOver(password);
  await page.keyboard.press('Enter');
}

describe('the page', () => {
  it('is left to nobody who is not signed in', async () => {
    await page.goto(`https://127.0.0.1:${local.port}/`, { waitUntil: 'networkidle2' });
    await expectShown('h1', 'Sign in');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('asks for a password of one’s own first', async () => {
    const initial = await local.initialPassword();
    await signIn('wrong password');
    await expectShown('form [role=alert]', 'wrong user name or password');
    await typeOver(initial);
    await page.keyboard.press('Enter');
    await expectShown('h1', 'Choose a password');
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const [label, text] of [
      ['Current password', initial],
      ['New password', PASSWORD],
      ['New password, again', PASSWORD],
    ] as const) {
      await tabTo(label);
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await expectShown('h1', 'Overview');
    await expectShown('.top', /Shop Berlin · test.*healthy/);
    // The attempt that was refused is the only thing that went wrong.
    expect(complaints.splice(0).filter((text) => !text.includes('401'))).toEqual([]);
  });

  it.each([
    ['Packs', 'app'],
    ['Nodes', 'node-0'],
    ['Drift', 'Nothing was changed'],
    ['Actions', 'There were none'],
    ['Events', 'Severity'],
    ['Variables', 'Greeting'],
    ['Bundles', 'Desired states:'],
    ['Host', 'Processors'],
    ['Diagnostics', 'Secrets are taken out'],
    ['Audit log', 'signed in'],
    ['Account', 'admin'],
    ['Overview', 'revision 1'],
  ])('shows %s, reached by keyboard, which axe has nothing against, dark or light', async (title, text) => {
    await goTo(title);
    await expectShown('main', text);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    // Nothing but colours is another.
    expect(await accessibilityFaults(page, ['color-contrast'])).toEqual([]);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
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

  it('shows drift while it happens, with what was changed', async () => {
    const { site } = local;
    await goTo('Drift');
    await site.edit(refTo(configMap(site.namespace, 'shown', {})), { data: { color: 'red' } });
    await expectShown('main', /ConfigMap .*shown.*healed.*by somebody/s);
    await expectShown('main table', /color.*blue.*red/s);
    await expectShown('[aria-live=polite]', 'Drift: ConfigMap');
  });

  it('takes values of variables, by drop-down too, says which are wrong, and the cluster has them', async () => {
    const { site } = local;
    await goTo('Variables');
    await expectShown('main', 'Greeting');
    await tabTo('Greeting (required)');
    await typeOver('HELLO');
    await tabTo('Size');
    expect(await inPage(`[...document.activeElement.options].map(({ text }) => text).join()`)).toBe('Small,Large');
    await page.keyboard.press('ArrowDown');
    await press('Save');
    await expectShown('form [role=alert]', 'nothing was saved');
    // What is wrong has the focus.
    await eventually('it has the focus', async () => (await focused()) === 'Greeting (required)' || undefined);
    expect(await inPage(`document.activeElement.getAttribute('aria-invalid')`)).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await typeOver('good day');
    await press('Save');
    await expectShown('main [role=status]', 'Saved');
    await expectShown('main', 'Set at this cluster');
    await eventually('the cluster has it', async () => {
      const object = await site.object(refTo(configMap(site.namespace, 'sized', {})));
      return mapAt(object, 'data')['size'] === 'large' || undefined;
    });
    expect(await page.content()).not.toContain('canary');
  });

  it('adds users, and removes them when that was confirmed', async () => {
    await goTo('Account');
    await expectShown('main table', 'admin');
    await tabTo('Name');
    await page.keyboard.type('night-shift');
    await tabTo('First password');
    await page.keyboard.type(PASSWORD);
    await press('Add');
    await expectShown('main table', 'night-shift');
    await press('Remove night-shift');
    await expectShown('dialog', 'Remove night-shift?');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await eventually('the button has it', async () => (await focused()) === 'Remove night-shift' || undefined);
    await page.keyboard.press('Enter');
    await press('Remove');
    await eventually('it is gone', async () => !(await textOf('main table')).includes('night-shift') || undefined);
    expect(await focused()).toBe('Users');
  });

  it('makes a diagnostics bundle that can be downloaded', async () => {
    await goTo('Diagnostics');
    await press('Make a diagnostics bundle');
    await expectShown('main', 'Download the bundle');
    const head = await inPage(`fetch('/v1/edge-mgmt/edgehosts/current/download-logs')
      .then(async (answer) => new Uint8Array(await answer.arrayBuffer()).slice(0, 2).join())`);
    expect(head).toBe('31,139');
  });

  it('takes a bundle, and says why it does not take another', async () => {
    const { site } = local;
    const { clusterUid } = site.plane;
    const { privateKey: key } = generateKeyPairSync('ed25519');
    const layers = [layer('app', 10, configMap(site.namespace, 'shown', { color: 'green' }))];
    const next = (await site.plane.offer({})) + 1;
    await site.applied(next - 1);
    const right = join(cluster.dir, 'right.bundle');
    const wrong = join(cluster.dir, 'wrong.bundle');
    const signed = await site.plane.sign(site.plane.document({ layers }, next));
    await writeFile(right, await bundleWith(signed, [], { clusterUid, revision: next, key }));
    await writeFile(wrong, 'something else');
    await goTo('Bundles');
    const bring = async (file: string): Promise<void> => {
      await tabTo('Bundle');
      // A person chooses in a window of the system.
      const [chooser] = await Promise.all([page.waitForFileChooser(), page.keyboard.press('Space')]);
      await chooser.accept([file]);
      await press('Upload');
    };
    await bring(wrong);
    await expectShown('form [role=alert]', 'not a readable bundle');
    await bring(right);
    await expectShown('form [role=status]', `revision ${next} is in force`);
    await expectShown('main table', /by hand.*taken.*admin/s);
    await eventually('the cluster has it', async () => {
      const object = await site.object(refTo(configMap(site.namespace, 'shown', {})));
      return mapAt(object, 'data')['color'] === 'green' || undefined;
    });
  });

  it('says that the session ends soon, and goes on with it', async () => {
    // Hours pass at once, the first time that somebody waits for hours.
    await page.evaluateOnNewDocument(`{
      const real = window.setTimeout.bind(window);
      let waited = false;
      window.setTimeout = (work, ms, ...rest) => {
        const long = ms > 3_600_000 && !waited;
        waited ||= long;
        return real(work, long ? 0 : ms, ...rest);
      };
    }`);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await expectShown('[role=alert]', 'Your session ends');
    expect(await accessibilityFaults(page)).toEqual([]);
    await press('Stay signed in');
    await eventually('it goes on', async () => (await textOf('[role=alert]')) === '' || undefined);
    expect(asked).toContain(`https://127.0.0.1:${local.port}/v1/users/default/token/renewal`);
    await expectShown('.top', 'Sign out');
  });

  it('signs out, and the session is over', async () => {
    await goTo('Overview');
    await press('Sign out');
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
