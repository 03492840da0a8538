import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { mailArguments, mailServerOf, type MailOptions, type MailServer } from './mail-server.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-mail-'));
  await writeFile(join(dir, 'password'), 'secret');
});
afterAll(async () => rm(dir, { recursive: true }));

const FROM = 'Palette <palette@localhost>';

describe('the mail server of the environment', () => {
  it.each<{ name: string; given: MailOptions; want: MailServer | undefined }>([
    { name: 'none', given: {}, want: undefined },
    {
      name: 'TLS from the first byte',
      given: { smtp: 'smtps://mail.example.com' },
      want: { host: 'mail.example.com', port: 465, security: 'tls', from: FROM },
    },
    {
      name: 'STARTTLS, with a sender',
      given: { smtp: 'smtp://mail.example.com', smtpFrom: 'a@example.com' },
      want: { host: 'mail.example.com', port: 587, security: 'starttls', from: 'a@example.com' },
    },
    {
      name: 'one of this machine, for trying out',
      given: { smtp: 'smtp+plain://[::1]:1025' },
      want: { host: '::1', port: 1025, security: 'none', from: FROM },
    },
  ])('is read: $name', async ({ given, want }) => {
    expect(await mailServerOf(given)).toEqual(want);
  });

  it('has a user with a password in a file', async () => {
    const smtpPasswordFile = join(dir, 'password');
    expect(await mailServerOf({ smtp: 'smtps://ops%40example.com@mail.example.com', smtpPasswordFile })).toEqual({
      host: 'mail.example.com',
      port: 465,
      security: 'tls',
      user: 'ops@example.com',
      passwordFile: smtpPasswordFile,
      from: FROM,
    });
  });

  it.each<{ name: string; given: MailOptions; says: RegExp }>([
    { name: 'another scheme', given: { smtp: 'https://mail.example.com' }, says: /expected smtps:/ },
    { name: 'no address', given: { smtp: 'mail.example.com:25' }, says: /expected smtps:/ },
    { name: 'a password in it', given: { smtp: 'smtps://a:b@mail.example.com' }, says: /use --smtp-password-file/ },
    { name: 'a user without a password', given: { smtp: 'smtps://a@mail.example.com' }, says: /belong together/ },
    {
      name: 'a file that is not there',
      given: { smtp: 'smtps://a@mail.example.com', smtpPasswordFile: '/nowhere/password' },
      says: /there is no file \/nowhere\/password/,
    },
    { name: 'a sender alone', given: { smtpFrom: 'a@example.com' }, says: /--smtp is missing/ },
  ])('is refused: $name', async ({ given, says }) => {
    await expect(mailServerOf(given)).rejects.toMatchObject({ message: expect.stringMatching(says), exitCode: 2 });
  });

  it('is handed on to another process, whatever folder that runs in', () => {
    expect(mailArguments({ smtp: 'smtps://h', smtpFrom: 'a@b', smtpPasswordFile: 'p' })).toEqual([
      '--smtp',
      'smtps://h',
      '--smtp-from',
      'a@b',
      '--smtp-password-file',
      join(process.cwd(), 'p'),
    ]);
    expect(mailArguments({})).toEqual([]);
  });
});
