import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority } from '@mnv/pki';
import { compactVerify } from 'jose';
import { SMTPServer } from 'smtp-server';
import type { Reminder } from '../../src/retention/reminders/reminder.ts';
import type { ReminderSettings } from '../../src/retention/reminders/reminder-settings.ts';
import { openReminderChannel } from '../../src/retention/reminders/reminder-settings.ts';
import { identityFor } from './caller.ts';

const directory = mkdtempSync(join(tmpdir(), 'reminders-'));
const authority = createAuthority({ deployment: 'test', profile: 'development' });
const server = identityFor(authority, 'reminders', ['localhost']);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const fileOf = (name: string, text: string) => {
  const file = join(directory, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};
const caFile = fileOf('ca.pem', server.ca);
const keyFile = fileOf('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const passwordFile = fileOf('password', 'a password\n');

const settings = (more: Partial<ReminderSettings>): ReminderSettings => ({
  PROFILE: 'production',
  DISPOSAL_DEPLOYMENT: 'test',
  DISPOSAL_REMINDER_SMTP_PORT: 465,
  DISPOSAL_REMINDER_SMTP_TLS: 'implicit',
  ...more,
});

afterAll(() => rmSync(directory, { recursive: true }));

const REMINDER: Reminder = {
  reminderId: 'c2e4d1a0-0000-4000-8000-000000000001',
  tenantId: 't-001',
  topic: 'certificate-unacknowledged',
  count: 3,
  openedOn: '2027-06-01',
  round: 1,
};

describe('reminders by webhook', () => {
  let webhook: Server;
  const taken: { jws: string; type: string | undefined }[] = [];
  let status = 200;
  beforeAll(async () => {
    webhook = createServer({ cert: server.certificate, key: server.key }, (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        taken.push({ jws: Buffer.concat(chunks).toString(), type: req.headers['content-type'] });
        res.writeHead(status).end('thanks');
      });
    });
    await new Promise<void>((resolve) => void webhook.listen(0, 'localhost', () => resolve()));
  });
  afterAll(() => new Promise<void>((resolve) => void webhook.close(() => resolve())));
  const route = (more: Partial<ReminderSettings> = {}) =>
    settings({
      DISPOSAL_REMINDER_WEBHOOK_URL: `https://localhost:${(webhook.address() as AddressInfo).port}/in`,
      DISPOSAL_REMINDER_WEBHOOK_CA_FILE: caFile,
      DISPOSAL_REMINDER_KEY_FILE: keyFile,
      ...more,
    });

  it('are signed by the reminder key, and say what waits and how much, and no more', async () => {
    const channel = openReminderChannel(route());
    await channel?.deliver(REMINDER);
    await channel?.close();

    const [{ jws, type } = { jws: '', type: '' }] = taken;
    const { payload, protectedHeader } = await compactVerify(jws, publicKey);
    expect(type).toBe('application/jose');
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'mnv-reminder+jws' });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      v: 1,
      deployment: 'test',
      iat: expect.any(Number),
      ...REMINDER,
    });
  });

  it('are not taken by an answer that is no success, nor by a server of another authority', async () => {
    const channel = openReminderChannel(route());
    for (status of [302, 404, 500])
      await expect(channel?.deliver(REMINDER)).rejects.toThrow('did not take it');
    status = 200;
    await channel?.close();

    const { DISPOSAL_REMINDER_WEBHOOK_CA_FILE: _ca, ...unknown } = route();
    const stranger = openReminderChannel(unknown);
    const before = taken.length;
    await expect(stranger?.deliver(REMINDER)).rejects.toThrow('certificate');
    expect(taken).toHaveLength(before);
    await stranger?.close();
  });
});

describe('reminders by mail', () => {
  const mails: string[] = [];
  let users: string[] = [];
  let mailServer: SMTPServer;
  beforeAll(async () => {
    mailServer = new SMTPServer({
      secure: true,
      key: server.key,
      cert: server.certificate,
      onAuth: ({ username, password }, _session, done) => {
        users.push(username ?? '');
        if (password === 'a password') done(null, { user: username ?? '' });
        else done(new Error('wrong'));
      },
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    mailServer.on('error', () => undefined); // a client that does not trust it goes away
    await new Promise<void>((resolve) => void mailServer.listen(0, 'localhost', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => mailServer.close(resolve)));
  const route = (more: Partial<ReminderSettings> = {}) =>
    settings({
      DISPOSAL_REMINDER_SMTP_HOST: 'localhost',
      DISPOSAL_REMINDER_SMTP_PORT: (mailServer.server.address() as AddressInfo).port,
      DISPOSAL_REMINDER_SMTP_USER: 'vault',
      DISPOSAL_REMINDER_SMTP_PASSWORD_FILE: passwordFile,
      DISPOSAL_REMINDER_SMTP_CA_FILE: caFile,
      DISPOSAL_REMINDER_FROM: 'vault@example.test',
      DISPOSAL_REMINDER_TO: 'people@example.test',
      ...more,
    });

  it('are handed to a server that was signed in to over TLS, under one Message-ID', async () => {
    const channel = openReminderChannel(route());
    await channel?.deliver(REMINDER);
    await channel?.deliver(REMINDER);
    await channel?.close();

    expect(users).toEqual(['vault', 'vault']);
    const ids = mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim());
    expect(ids).toEqual([`<${REMINDER.reminderId}@test>`, `<${REMINDER.reminderId}@test>`]);
    const [, ...body] = (mails[0] ?? '').split(/\r?\n\r?\n/);
    const text = Buffer.from(body.join(''), 'base64').toString('utf8');
    expect(text).toContain('受領確認のない廃棄証明書が 3 件');
  });

  it('are not taken where the server’s certificate or the password is another', async () => {
    users = [];
    const { DISPOSAL_REMINDER_SMTP_CA_FILE: _ca, ...unknown } = route();
    const stranger = openReminderChannel(unknown);
    await expect(stranger?.deliver(REMINDER)).rejects.toThrow('certificate');
    expect(users).toEqual([]);
    await stranger?.close();

    const wrong = fileOf('wrong', 'another');
    const channel = openReminderChannel(route({ DISPOSAL_REMINDER_SMTP_PASSWORD_FILE: wrong }));
    await expect(channel?.deliver(REMINDER)).rejects.toThrow('Invalid login');
    await channel?.close();
  });
});

describe('the settings of reminders', () => {
  const MAIL = {
    DISPOSAL_REMINDER_FROM: 'vault@example.test',
    DISPOSAL_REMINDER_TO: 'people@example.test',
  };
  const remote = { ...MAIL, DISPOSAL_REMINDER_SMTP_HOST: 'mail.example.test' };
  const login = {
    DISPOSAL_REMINDER_SMTP_USER: 'vault',
    DISPOSAL_REMINDER_SMTP_PASSWORD_FILE: passwordFile,
  };

  it('are none by default: nobody is reminded', () => {
    expect(openReminderChannel(settings({}))).toBeUndefined();
  });

  it.each<[string, Partial<ReminderSettings>]>([
    ['a mail server nobody signs in to', remote],
    ['one without TLS', { ...remote, ...login, DISPOSAL_REMINDER_SMTP_TLS: 'none' }],
    ['one elsewhere, in development too', { ...remote, PROFILE: 'development' }],
    ['one here, outside development', { ...remote, DISPOSAL_REMINDER_SMTP_HOST: 'localhost' }],
    ['a webhook without a key', { DISPOSAL_REMINDER_WEBHOOK_URL: 'https://hook.example.test/' }],
    [
      'two ways at once',
      { ...remote, ...login, DISPOSAL_REMINDER_WEBHOOK_URL: 'https://hook.example.test/' },
    ],
    ['a sender nobody named', { ...remote, ...login, DISPOSAL_REMINDER_FROM: undefined }],
  ])('refuse %s', (_what, more) => {
    expect(() => openReminderChannel(settings(more))).toThrow(
      expect.objectContaining({ name: 'StartupError' }),
    );
  });

  it('allow a bare mail server on this machine in development', async () => {
    const channel = openReminderChannel(
      settings({
        ...MAIL,
        PROFILE: 'development',
        DISPOSAL_REMINDER_SMTP_HOST: 'localhost',
        DISPOSAL_REMINDER_SMTP_TLS: 'none',
      }),
    );
    expect(channel).toBeDefined();
    await channel?.close();
  });
});
