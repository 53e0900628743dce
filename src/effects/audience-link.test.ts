import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAudienceLink } from './audience-link.ts';

const token = 'abcdefghijklmnopqrst_-';
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srklab-link-'));
  path = join(folder, 'presenter.sock.link');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives a presenter that was cut short its token back', async () => {
  const first = await openAudienceLink(path);
  expect(first.token).toBeUndefined();
  await first.keep(token);
  expect((await openAudienceLink(path)).token).toBe(token);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('forgets it when the talk ended in order', async () => {
  const first = await openAudienceLink(path);
  await first.keep(token);
  await first.forget();
  expect((await openAudienceLink(path)).token).toBeUndefined();
});

it('takes no token up again that is a day old, that others could read, or that is none', async () => {
  writeFileSync(path, token, { mode: 0o600 });
  expect((await openAudienceLink(path, () => Date.now() + 24 * 60 * 60 * 1000)).token).toBeUndefined();
  chmodSync(path, 0o644);
  expect((await openAudienceLink(path)).token).toBeUndefined();
  writeFileSync(path, 'x');
  chmodSync(path, 0o600);
  expect((await openAudienceLink(path)).token).toBeUndefined();
});
