import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { leafStopped } from '../test-support/snapshots.ts';
import { inLesson, storeOf, tutorState } from '../test-support/tutor-states.ts';
import type { TutorState } from '../tutor/state.ts';
import { App } from './app.tsx';
import { makeTheme } from './theme.ts';

const theme = makeTheme({ background: 'dark', depth: 0, unicode: true });
const ascii = makeTheme({ background: 'dark', depth: 0, unicode: false });
let open: { unmount: () => void } | undefined;
afterEach(() => open?.unmount());

function show(state: TutorState, columns: number, rows: number, with_ = theme) {
  const store = storeOf(state);
  const local = vi.fn();
  const shown = render(<App store={store} theme={with_} size={{ columns, rows }} local={local} />);
  open = shown;
  const lines = () => (shown.lastFrame() ?? '').replace(/\x1b\[[0-9;]*m/g, '').split('\n');
  const press = async (keys: string) => {
    shown.stdin.write(keys);
    await new Promise(resolve => setImmediate(resolve));
  };
  return { store, local, lines, press };
}

describe('the screen', () => {
  it('offers the lessons', () => {
    const { lines } = show(tutorState(), 80, 24);
    expect(lines()[5]).toMatch(/^ {2}▸ ○ 01 {2}A cable .* not begun +5 min$/);
    expect(lines().at(-1)).toContain('Enter open');
  });

  it('shows the lesson with tabs at 80×24', () => {
    const { lines } = show(inLesson(), 80, 24);
    const text = lines();
    expect(text).toHaveLength(24);
    expect(text[1]).toMatch(/^┌─ 1 Lesson │ 2 Topology │ Build ─+┐$/);
    expect(text.join('\n')).toContain('▸ build network: Docker network');
    expect(text.at(-1)).toContain('Enter build it');
    expect(text.at(-1)).toContain('? keys');
  });

  it('shows the lesson and the panes side by side at 100×30', () => {
    const { lines } = show(inLesson(), 100, 30);
    expect(lines()[1]).toMatch(/^┌─ 1 Lesson ─+┐┌─ 2 Topology · dc-k8s ─+┐$/);
    expect(lines().some(line => /├─ Build ─+┤$/.test(line))).toBe(true);
  });

  it('says what is wrong with a terminal that is too small', () => {
    const { lines } = show(inLesson(), 50, 10);
    expect(lines().join(' ')).toContain('too small: it has 50×10 cells, 60×16 are needed');
  });

  it('draws with ASCII alone where nothing else arrives', () => {
    const { lines } = show(inLesson(0, [], leafStopped), 100, 30, ascii);
    expect(lines().join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
    expect(lines()[1]).toMatch(/^\+- 1 Lesson -+\+\+- 2 Topology . dc-k8s -+\+$/);
  });

  it('lays menus over the panes and takes them away again', async () => {
    const { lines, press } = show(inLesson(), 100, 30);
    await press(':');
    await vi.waitFor(() => expect(lines().join('\n')).toContain('┌─ Command ─'));
    await press('\x1b');
    await vi.waitFor(() => expect(lines().join('\n')).not.toContain('┌─ Command ─'));
  });

  it('takes keys one by one though they arrive together', async () => {
    const { store, press } = show(inLesson(0, [{ type: 'shell-asked' }]), 100, 30);
    await press('kubectl get pods');
    expect(store.getState().shell.input).toEqual({ text: 'kubectl get pods', cursor: 16 });
  });

  it('shows a mistake of ours as a screen instead of ending', async () => {
    const { links: _, ...halfAView } = leafStopped;
    const state = { ...inLesson(), view: halfAView as typeof leafStopped };
    const { lines } = show(state, 100, 30);
    await vi.waitFor(() => expect(lines().join('\n')).toContain('This is a mistake of ours'));
    expect(lines().at(-1)).toContain('Esc back');
  });

  it('does what only the terminal can do by itself', async () => {
    const { local, press, store } = show(inLesson(), 100, 30);
    await press('m');
    await press('\x0c');
    expect(local.mock.calls.map(([command]) => command.type)).toEqual(['toggle-mouse', 'redraw']);
    expect(store.sent.filter(message => message.type !== 'lesson-scrolled')).toEqual([]);
  });
});
