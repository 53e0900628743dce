import type { ServerResponse } from 'node:http';
import type { PageSection } from './page-model.ts';

/** A section as it goes over the wire. */
export type SectionText = { readonly name: PageSection; readonly text: string };

/**
 * One open stream. While the browser has not taken what it was given, nothing more is written; after that it gets the newest
 * state. So a viewer costs at most one page of memory, however slow.
 */
export class Viewer {
  readonly #response: ServerResponse;
  readonly #sent = new Map<PageSection, string>();
  #newest: readonly SectionText[] = [];
  /** Since when nothing was taken, by the server's clock; undefined while everything was. */
  stuckSince: number | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => {
      this.stuckSince = undefined;
      this.show(this.#newest, 0);
    });
  }

  /** `now` in milliseconds, for `stuckSince`. */
  show(sections: readonly SectionText[], now: number): void {
    this.#newest = sections;
    if (this.#response.writableNeedDrain) {
      this.stuckSince ??= now;
      return;
    }
    const changed = sections.filter(section => this.#sent.get(section.name) !== section.text);
    if (changed.length === 0) return;
    for (const section of changed) this.#sent.set(section.name, section.text);
    this.#write(changed.map(section => `event: section\ndata: ${section.text}\n\n`).join(''));
  }

  /** A line that says nothing, so that both ends notice when the other is gone. */
  beat(): void {
    if (!this.#response.writableNeedDrain) this.#write(':\n\n');
  }

  drop(): void {
    this.#response.destroy();
  }

  #write(text: string): void {
    if (!this.#response.destroyed) this.#response.write(text);
  }
}
