import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vocabularyOf } from '../course/vocabulary.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { type Browser, type BrowserPage, chromiumPath, startChromium } from '../test-support/chromium.ts';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { repository } from '../test-support/program.ts';
import { launch, type TestTerminal } from '../test-support/terminal.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import { isLive, type LiveBlock } from '../tutor/live-blocks.ts';
import { slidesOf } from '../tutor/slides.ts';

const { lessons } = readCourseFrom(`${repository}/lessons`, vocabularyOf(labOfTheTalk)).course;

/** What stands behind the mark of a deed. */
function beginningOf(block: Exclude<LiveBlock, { type: 'predict' }>): string {
  switch (block.type) {
    case 'run':
      return block.commandLine.slice(0, 20);
    case 'stage':
      return `build ${block.stage}`;
    case 'break':
      return faultTitle(block.fault).slice(0, 20);
    case 'heal':
      return 'Heal';
  }
}

const path = chromiumPath();
const mustRun = process.env['CI'] === 'true';
const why = 'no Chromium on this machine: install the package chromium, or name one in CHROMIUM';

describe.skipIf(path === undefined && !mustRun)(
  `the audience’s page in a browser (skipped where there is ${why})`,
  () => {
    let folder: string;
    let stage: TestTerminal;
    let notes: TestTerminal;
    let browser: Browser;
    let url: string;
    let start: (...argv: string[]) => TestTerminal;
    let desk: BrowserPage;
    let phone: BrowserPage;

    beforeAll(async () => {
      if (path === undefined) throw new Error(why);
      folder = mkdtempSync(join(tmpdir(), 'stage-'));
      const env = { XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder, HOME: folder, LANG: 'C.UTF-8' };
      const launcher = join(repository, 'dist/launcher.cjs');
      start = (...argv) => launch([launcher, ...argv], { columns: 120, rows: 36, env, cwd: repository });
      stage = start('present', '08', '--serve', '0');
      notes = start('notes');
      await notes.until(/http:\S+\//, 30_000);
      url = /http:\S+\//.exec(notes.text())?.[0] ?? '';
      browser = await startChromium(path);
      desk = await browser.open(url);
      phone = await browser.open(url);
      await desk.resize(1440, 900);
      await phone.resize(390, 844);
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      await stage?.stop();
      await notes?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const text = (id: string) => `document.getElementById('${id}').innerText`;
    const both = (expression: string) => Promise.all([desk.until(expression), phone.until(expression)]);

    it('follows the presenter through lesson 08, in two browsers', async () => {
      await both(`${text('slide')}.includes('Break a leaf')`);
      await notes.until('2 viewers');
      await both(`${text('status')}.includes('nothing broken')`);
      await both(`document.querySelectorAll('#topology .node.up').length === 8`);

      for (let count = 0; count < 4; count++) stage.press('PageDown');
      await both(`${text('slide')}.includes('Cut LEAF-DC-1')`);
      stage.press('a');
      await stage.until('ARMED');
      stage.press('Enter');
      await both(`${text('status')}.includes('Cut LEAF-DC-1')`);
      await both(`document.querySelectorAll('#topology .link.down').length === 1`);
      await both(`/26 of 28/.test(${text('sessions')})`);
      await both(`${text('timeline')}.includes('SPINE-DC-1')`);
      await both(`${text('routes')}.includes('10.254.254.240/32')`);
      await both(`document.querySelectorAll('#ecmp meter').length >= 4`);

      stage.press('b');
      await both(`!${text('slide')}.includes('Cut') && ${text('slide')}.includes('eyes up front')`);
      stage.press('b');
      await both(`${text('slide')}.includes('Cut LEAF-DC-1')`);

      expect([...desk.complaints, ...phone.complaints]).toEqual([]);
    }, 60_000);

    it('follows through every slide of it, while the presenter does all that the slides ask for', async () => {
      stage.press('u');
      await both(`${text('status')}.includes('nothing broken')`);
      // The hold time of 90 s is part of the lesson.
      for (let count = 0; count < 4; count++) stage.press(']');
      const lesson = lessons.find(({ id }) => id.startsWith('08'));
      if (lesson === undefined) throw new Error('there is no lesson 08');
      stage.press('Home');
      for (const [index, slide] of slidesOf(lesson).entries()) {
        await stage.until(` ${index + 1}/${slidesOf(lesson).length} `);
        await both(`${text('slide')}.includes('${index + 1} of ${slidesOf(lesson).length}')`);
        await both(`${text('slide')}.includes(${JSON.stringify(slide.title)})`);
        for (const content of slide.content) {
          const block =
            content.type === 'block' ? lesson.steps[slide.step]?.blocks[content.block] : undefined;
          if (block === undefined || !isLive(block)) continue;
          await doOnStage(block);
        }
        if (index + 1 < slidesOf(lesson).length) stage.press('PageDown');
      }
      await both(`${text('slide')}.includes('Three things to remember')`);
      await both(`${text('status')}.includes('nothing broken')`);
      expect([...desk.complaints, ...phone.complaints]).toEqual([]);
    }, 300_000);

    /** Enter, with the keys armed, until the stage says that it is done. */
    async function doOnStage(block: LiveBlock): Promise<void> {
      if (block.type === 'predict') {
        if (block.answer.kind === 'number') stage.press('7');
        stage.press('Enter');
        await stage.until('you said');
        return;
      }
      const done = `✔ ${beginningOf(block)}`;
      if (stage.text().includes(done)) return;
      if (!stage.text().includes('ARMED')) stage.press('a');
      await stage.until('ARMED');
      stage.press('Enter');
      await stage.until(done, 120_000);
    }

    it('fits a phone: nothing is wider than the screen', async () => {
      const wide = await phone.evaluate<number>('document.documentElement.scrollWidth');
      expect(wide).toBeLessThanOrEqual(390);
    });

    it('runs no script but its own, and keeps nothing', async () => {
      const ran = await desk.evaluate<boolean>(
        `(() => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); return window.ran === true; })()`,
      );
      expect(ran).toBe(false);
      expect(await desk.evaluate<string>('document.cookie')).toBe('');
      const foreign = await desk.evaluate<string[]>(
        `performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin).filter(origin => origin !== location.origin)`,
      );
      expect(foreign).toEqual([]);
    });

    it('says what is wrong with a wrong link', async () => {
      const page = await browser.open(url.replace(/\/[^/]+\/$/, '/guessed/'));
      await page.until(`document.body.innerText.includes('This link does not open the talk.')`);
    });

    it('keeps the last picture and says so when the presenter is gone', async () => {
      stage.kill('SIGKILL');
      await both(`document.getElementById('link').textContent.includes('reconnecting')`);
      expect(await desk.evaluate<string>(text('slide'))).toContain('Three things to remember');
    });

    it('finds a presenter again that crashed and was started on the same port: the link is still good', async () => {
      stage = start('present', '08', '--serve', new URL(url).port);
      await both(`!document.getElementById('link').textContent.includes('reconnecting')`);
      await both(`${text('slide')}.includes('Break a leaf')`);
    });
  },
);
