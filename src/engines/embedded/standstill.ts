import type { World } from './world.ts';

/** A process that a signal stops where it stands (SIGSTOP) and sends on again (SIGCONT). What comes to it meanwhile waits, in order. */
export class Standstill {
  private readonly world: World;
  private stopped: { readonly by: number | undefined } | undefined;
  private readonly missed: { readonly happens: () => void; readonly cause: number | undefined }[] = [];

  constructor(world: World) {
    this.world = world;
  }

  get lasts(): boolean {
    return this.stopped !== undefined;
  }

  /** The event that stopped it. */
  get by(): number | undefined {
    return this.stopped?.by;
  }

  /** False when it stands already. */
  begin(): boolean {
    if (this.lasts) return false;
    this.stopped = { by: this.world.cause };
    return true;
  }

  /** False when it did not stand. What waited goes on waiting for `catchUp`. */
  end(): boolean {
    const stood = this.lasts;
    this.stopped = undefined;
    return stood;
  }

  /** Does it at once, or when the process has caught up. */
  whenOver(happens: () => void): void {
    if (this.lasts) this.missed.push({ happens, cause: this.world.cause });
    else happens();
  }

  catchUp(): void {
    const { world } = this;
    for (const { happens, cause } of this.missed.splice(0)) world.causedBy(cause ?? world.cause, happens);
  }

  /** The process is no more, and nothing waits for it. */
  forget(): void {
    this.stopped = undefined;
    this.missed.length = 0;
  }
}
