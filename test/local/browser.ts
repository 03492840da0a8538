/** A real browser, without a screen, and the page as it is built. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import chromium from '@sparticuz/chromium';
import puppeteer, { type Browser, type Page as BrowserPage } from 'puppeteer-core';
import { z } from 'zod';

import { asPage, type Page } from '#agent/local/page';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the page as the build does. */
export async function buildPage(dir: string): Promise<Page> {
  const file = join(dir, 'page.html');
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'build-local-page.mjs'), file]);
  if (status !== 0) throw new Error(`the page cannot be built: ${stderr.toString()}`);
  return asPage(await readFile(file));
}

/** The agent's certificate is its own: the browser is told its key, and nothing else is let through. */
export async function openBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: await chromium.executablePath(),
    headless: 'shell',
    args: [...chromium.args, '--ignore-certificate-errors'],
    acceptInsecureCerts: true,
  });
}

const Violations = z.array(
  z.object({
    id: z.string(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

let axe: string | undefined;

/** What the rules of WCAG 2.2 A and AA (by axe), or some of them, have against the page as it is now. */
export async function accessibilityFaults(page: BrowserPage, rules?: readonly string[]): Promise<readonly string[]> {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // The page's own policy forbids strange scripts: a debugger is not held to it.
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe);
  const only = rules
    ? { type: 'rule', values: rules }
    : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(only)} }).then(({ violations }) => violations)`,
  );
  return Violations.parse(found).flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
}
