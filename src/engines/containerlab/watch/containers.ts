import type { Lab, LabNode } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import type { Docker } from '../../../programs/docker.ts';
import type { DockerContainer, DockerEvent } from '../../../programs/docker-records.ts';

export type ContainerState = 'absent' | 'stopped' | 'running' | 'paused';

/** Events may be silent for hours: Docker is asked that often whether it is there. Milliseconds. */
const BEAT = 5_000;
/** When Docker's stream of events breaks, it is asked for again after that long. Milliseconds. */
const AGAIN = 1_000;

/** The containers of a lab's nodes: what Docker says of them, kept up to date by its events. */
export class Containers {
  private readonly docker: Docker;
  private readonly nodes: ReadonlyMap<string, LabNode>;
  private readonly states = new Map<string, ContainerState>();
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | undefined;
  /** Since when Docker does not answer (milliseconds since 1970), and what it is instead; undefined while it does. */
  silence: { readonly since: number; readonly because: string } | undefined;
  /** Told of each container that began or ceased to run, with milliseconds since 1970. */
  onChange: (node: string, state: ContainerState, wall: number) => void = () => {};

  constructor(docker: Docker, lab: Lab) {
    this.docker = docker;
    this.nodes = new Map(lab.nodes.map(node => [containerOf(node), node]));
  }

  stateOf(node: string): ContainerState {
    return this.states.get(node) ?? 'absent';
  }

  /** Asks for all of them; a sentence when Docker does not answer. */
  async refresh(): Promise<string | undefined> {
    const asked = Date.now();
    const answer = await this.docker.containers();
    if (this.ending.signal.aborted) return undefined;
    if (answer.outcome === 'failed') {
      this.silence = { since: asked, ...this.silence, because: answer.because };
      return answer.because;
    }
    this.silence = undefined;
    const seen = new Map(answer.value.map(container => [container.name, container]));
    for (const [name, node] of this.nodes) this.set(node.name, wordOf(seen.get(name)), Date.now());
    return undefined;
  }

  /** Listens from now on. */
  watch(): void {
    this.listen();
    this.keepAsking();
  }

  private keepAsking(): void {
    this.beat = setTimeout(() => {
      void this.refresh().then(() => {
        if (!this.ending.signal.aborted) this.keepAsking();
      });
    }, BEAT);
    this.beat.unref();
  }

  private listen(): void {
    void this.docker
      .events(event => this.hear(event), { signal: this.ending.signal })
      .then(() => {
        if (this.ending.signal.aborted) return;
        this.timer = setTimeout(() => {
          this.listen();
          void this.refresh();
        }, AGAIN);
        this.timer.unref();
      });
  }

  stop(): void {
    this.ending.abort();
    clearTimeout(this.timer);
    clearTimeout(this.beat);
  }

  private hear({ type, action, name, at }: DockerEvent): void {
    const node = type === 'container' ? this.nodes.get(name) : undefined;
    const state = stateAfter[action];
    if (node !== undefined && state !== undefined) this.set(node.name, state, at);
  }

  private set(node: string, state: ContainerState, wall: number): void {
    if (this.stateOf(node) === state) return;
    this.states.set(node, state);
    this.onChange(node, state, wall);
  }
}

const stateAfter: Readonly<Record<string, ContainerState>> = {
  start: 'running',
  unpause: 'running',
  pause: 'paused',
  die: 'stopped',
  destroy: 'absent',
};

function wordOf(container: DockerContainer | undefined): ContainerState {
  switch (container?.state) {
    case undefined:
      return 'absent';
    case 'running':
      return 'running';
    case 'paused':
      return 'paused';
    default:
      return 'stopped';
  }
}
