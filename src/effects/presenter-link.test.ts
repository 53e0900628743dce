import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyFolder } from '../test-support/program.ts';
import { storeOf, tutorState, after as when } from '../test-support/tutor-states.ts';
import { type NotesLink, openNotesLink } from './notes-link.ts';
import { openPresenterLink, type PresenterLink } from './presenter-link.ts';
import { presenterSocketPath } from './presenter-socket.ts';

const open: (PresenterLink | NotesLink)[] = [];
afterEach(async () => {
  for (const link of open.splice(0)) await link.close();
});

function stage() {
  return storeOf(when(tutorState(), [{ type: 'presenter-started', lesson: '01-cable' }]));
}

async function present(path: string, store = stage()) {
  const outcome = await openPresenterLink(path, { store: () => store, attachedChanged: () => undefined });
  if (outcome.outcome === 'open') open.push(outcome.link);
  return outcome;
}

function notes(path: string): NotesLink {
  const link = openNotesLink(path);
  open.push(link);
  return link;
}

const title = (link: NotesLink) => link.getView().model?.slide.title;

describe('presenter and notes', () => {
  it('meet in a folder and on a socket that nobody else may enter', async () => {
    const path = presenterSocketPath({ XDG_RUNTIME_DIR: emptyFolder() }, '/nowhere');
    expect((await present(path)).outcome).toBe('open');
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('hear and drive each other', async () => {
    const path = join(emptyFolder(), 's');
    const store = stage();
    await present(path, store);
    const link = notes(path);
    await vi.waitFor(() => expect(title(link)).toBe('A cable'));
    expect(link.drive('next')).toBe(true);
    await vi.waitFor(() => expect(title(link)).toBe('Build it'));
    expect(store.sent).toEqual([{ type: 'slide-asked', to: 'next' }]);
  });

  it('find each other again, whoever went away', async () => {
    const path = join(emptyFolder(), 's');
    const link = notes(path);
    expect(link.drive('next')).toBe(false);
    const first = await present(path);
    await vi.waitFor(() => expect(title(link)).toBe('A cable'), 5_000);
    if (first.outcome === 'open') await first.link.close();
    await vi.waitFor(() => expect(link.getView().link).toEqual({ state: 'waiting', lost: true }), 5_000);
    expect(title(link)).toBe('A cable');
    await present(path);
    await vi.waitFor(() => expect(link.getView().link.state).toBe('connected'), 5_000);
  });
});

describe('the socket', () => {
  it('of a presenter that crashed is cleared away', async () => {
    const path = join(emptyFolder(), 's');
    const crash = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', crash]);
    expect(statSync(path).isSocket()).toBe(true);
    expect((await present(path)).outcome).toBe('open');
  });

  it('belongs to one presenter, and the second hears which', async () => {
    const path = join(emptyFolder(), 's');
    await present(path);
    expect(await present(path)).toEqual({ outcome: 'held', pid: process.pid });
  });

  it('may be held by a stranger who says nothing', async () => {
    const path = join(emptyFolder(), 's');
    const stranger = createServer(socket => socket.unref()).listen(path);
    stranger.unref();
    expect(await present(path)).toEqual({ outcome: 'held' });
    stranger.close();
  });

  it('is refused where its name would be cut, and where no folder can be', async () => {
    const long = await present(join(emptyFolder(), 'x'.repeat(120)));
    expect(long).toMatchObject({
      outcome: 'failed',
      because: expect.stringContaining('--socket names a shorter one'),
    });
    const file = join(emptyFolder(), 'file');
    writeFileSync(file, '');
    expect((await present(join(file, 's'))).outcome).toBe('failed');
  });

  it('hangs up on who says too much, and passes over nonsense', async () => {
    const path = join(emptyFolder(), 's');
    const store = stage();
    await present(path, store);
    const chatty = connect(path);
    const ended = new Promise(resolve => chatty.on('close', resolve));
    chatty.on('error', () => undefined).resume();
    chatty.write('nonsense\n{"v":1,"type":"drive","order":"explode"}\n');
    chatty.write('x'.repeat(5_000));
    await ended;
    expect(store.sent).toEqual([]);
  });
});
