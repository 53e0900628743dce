import type { SessionParameters } from '../../kube/metallb/sessions.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { Ipv4Prefix } from '../../net/prefix.ts';
import { metallbConfig } from './metallb-config.ts';
import type { HostedPod, PodHost, PodHostSpec } from './pod-host.ts';

/** The program that answers for a node's pods: it reads lines and is ended by whoever started it. */
export type PodServer = { write(line: string): void; stop(): void };

/** A server that ended by itself, say for want of memory, is started again after that, as a kubelet would. Milliseconds. */
const SERVER_BACK_OFF = 500;

/**
 * A machine that plays a Kubernetes node: it keeps in mind what is wanted and has it done in that order. How it is done is up to whoever
 * extends it.
 */
export abstract class PlayedNode implements PodHost {
  readonly name: string;
  readonly dockerAddress: Ipv4;
  readonly podCidr: Ipv4Prefix;
  running = false;
  speaks = false;
  abstract readonly speakerFrozen: boolean;
  private rules = '';
  private server: PodServer | undefined;
  private podsWanted = '';
  private answering: readonly HostedPod[] = [];
  private addresses = new Set<Ipv4>();
  private speakerWanted: string | undefined;
  private speakerConfig = '';
  private working: Promise<void> = Promise.resolve();
  private failure: string | undefined;

  constructor({ name, dockerAddress, podCidr }: PodHostSpec) {
    this.name = name;
    this.dockerAddress = dockerAddress;
    this.podCidr = podCidr;
  }

  abstract create(networkLength: number, gateway: Ipv4): Promise<string | undefined>;
  abstract routeToPods(others: readonly PodHost[]): Promise<string | undefined>;
  abstract killSpeaker(signal: 'KILL' | 'TERM'): Promise<void>;
  abstract stop(): Promise<void>;
  abstract start(): void;

  // Hands: what they complain about.

  protected abstract applyRules(rules: string): Promise<string | undefined>;
  protected abstract changeAddresses(
    added: readonly Ipv4[],
    removed: readonly Ipv4[],
  ): Promise<string | undefined>;
  protected abstract startServer(onEnd: () => void): PodServer;
  /** FRR's daemons start with this configuration. */
  protected abstract startSpeaker(config: string): Promise<string | undefined>;
  /** They run with the one and shall have the other. */
  protected abstract changeSpeaker(before: string, after: string): Promise<string | undefined>;
  /** bgpd gets SIGSTOP or SIGCONT. */
  protected abstract signalFrozen(frozen: boolean): Promise<void>;

  setRules(rules: string): void {
    if (rules === this.rules) return;
    this.rules = rules;
    this.later(async () => (rules === this.rules ? this.applyRules(rules) : undefined));
  }

  setPods(pods: readonly HostedPod[]): void {
    const wanted = JSON.stringify(pods);
    if (wanted === this.podsWanted) return;
    this.podsWanted = wanted;
    const addresses = new Set(pods.map(({ address }) => address));
    const added = [...addresses].filter(each => !this.addresses.has(each));
    const removed = [...this.addresses].filter(each => !addresses.has(each));
    this.addresses = addresses;
    if (added.length + removed.length > 0) this.later(() => this.changeAddresses(added, removed));
    this.answering = pods.filter(({ alive, port }) => alive && port > 0);
    this.serve();
  }

  setSpeaker(sessions: readonly SessionParameters[] | undefined): void {
    const wanted =
      sessions === undefined || (sessions.length === 0 && this.speakerWanted === undefined)
        ? undefined
        : metallbConfig(this.name, sessions);
    if (wanted === this.speakerWanted) return;
    this.speakerWanted = wanted;
    this.later(() => this.followSpeaker());
  }

  async freezeSpeaker(frozen: boolean): Promise<void> {
    if (frozen) await this.settled();
    await this.signalFrozen(frozen);
    if (!frozen) this.later(() => this.followSpeaker());
  }

  end(): void {
    this.answering = [];
    this.server?.stop();
    this.server = undefined;
  }

  async settled(): Promise<string | undefined> {
    let seen: Promise<void>;
    do {
      seen = this.working;
      await seen;
    } while (seen !== this.working);
    return this.failure;
  }

  /** Nothing that was wanted of processes counts any more. */
  protected forgetProcesses(): void {
    this.end();
    this.podsWanted = '';
    this.speakerWanted = undefined;
  }

  /** Nor is anything there that was made: rules, addresses. */
  protected forgetEverything(): void {
    this.forgetProcesses();
    this.rules = '';
    this.addresses = new Set();
  }

  protected later(work: () => Promise<string | undefined>): void {
    this.working = this.working.then(async () => {
      const failed = await work();
      // What a machine that is off could not do is done when it starts.
      if (failed !== undefined && this.running) this.failure ??= failed;
    });
  }

  private serve(): void {
    if (!this.running) return;
    if (this.answering.length > 0) this.server ??= this.newServer();
    this.server?.write(JSON.stringify({ pods: this.answering }));
  }

  private newServer(): PodServer {
    const server = this.startServer(() => {
      if (this.server !== server) return;
      this.server = undefined;
      setTimeout(() => this.serve(), SERVER_BACK_OFF).unref();
    });
    return server;
  }

  private async followSpeaker(): Promise<string | undefined> {
    const wanted = this.speakerWanted;
    if (wanted === undefined) {
      if (this.speaks) await this.killSpeaker('KILL');
      return undefined;
    }
    const before = this.speakerConfig;
    if (!this.speaks) {
      this.speakerConfig = wanted;
      this.speaks = true;
      const failed = await this.startSpeaker(wanted);
      if (failed !== undefined) this.speaks = false;
      return failed;
    }
    if (wanted === before || this.speakerFrozen) return undefined;
    this.speakerConfig = wanted;
    return this.changeSpeaker(before, wanted);
  }
}
