import type { Lab, LabNode } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import type { Docker } from '../../../programs/docker.ts';
import type { DockerContainer, DockerEvent } from '../../../programs/docker-records.ts';

export type ContainerState = 'absent' | 'stopped' | 'running' | 'paused';

/** When Docker's stream of events breaks, it is asked for again after that long. Milliseconds. */
const AGAIN = 1_000;

/** The containers of a lab's nodes: what Docker says of them, kept up to date by its events. */
export class Containers {
  private readonly docker: Docker;
  private readonly nodes: ReadonlyMap<string, LabNode>;
  private readonly states = new Map<string, ContainerState>();
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** Why Docker cannot be asked; undefined while it can. */
  problem: string | undefined;
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
    const answer = await this.docker.containers();
    this.problem = answer.outcome === 'failed' ? answer.because : undefined;
    if (answer.outcome === 'failed') return answer.because;
    const seen = new Map(answer.value.map(container => [container.name, container]));
    for (const [name, node] of this.nodes) this.set(node.name, wordOf(seen.get(name)), Date.now());
    return undefined;
  }

  /** Listens from now on. */
  watch(): void {
    void this.docker
      .events(event => this.hear(event), { signal: this.ending.signal })
      .then(because => {
        if (this.ending.signal.aborted) return;
        this.problem = because;
        this.timer = setTimeout(() => {
          this.watch();
          void this.refresh();
        }, AGAIN);
        this.timer.unref();
      });
  }

  stop(): void {
    this.ending.abort();
    clearTimeout(this.timer);
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
