import type { Lab, SwitchNode } from '../../lab/lab.ts';
import { switchesOf } from '../../lab/lab.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import { Bfd } from './bfd.ts';
import type { BfdEndOptions } from './bfd-ends.ts';
import type { Capture } from './capture.ts';
import type { NodeSpeaker } from './cluster-port.ts';
import type { Device } from './device.ts';
import { followBgpSessions } from './switch/bfd-sessions.ts';
import { Switch } from './switch/switch.ts';
import { Transport } from './transport.ts';
import type { World } from './world.ts';

/** A switch container boots this long in compressed time; 40–90 s in the real lab. Each starts a little after the one before. */
const BOOT_TIME = 1800;
const BOOT_SPREAD = 600;
const BETWEEN_CONTAINERS = 150;

/** The switches of a lab in one world, with the protocols they share. */
export class Fabric {
  readonly world: World;
  readonly transport: Transport;
  readonly bfd: Bfd;
  readonly switches = new Map<string, Switch>();
  private readonly booting = new Set<string>();
  private readonly modulo: boolean;
  /** Grows with every change of a session or of what may open one. */
  sessionVersion = 0;

  constructor(world: World, options: { readonly modulo: boolean; readonly capture?: Capture }) {
    this.world = world;
    this.modulo = options.modulo;
    this.transport = new Transport(world, options.capture);
    this.bfd = new Bfd(world);
  }

  get deployed(): boolean {
    return switchesOf(this.world.lab).every(({ name }) => this.switches.has(name));
  }

  isBooting(name: string): boolean {
    return this.booting.has(name);
  }

  /** Creates all containers and fabric links; `finished` is called when every switch is up. */
  deploy(finished: () => void): void {
    const { lab } = this.world;
    const nodes = switchesOf(lab).filter(({ name }) => !this.switches.has(name));
    for (const node of nodes) this.add(lab, node);
    for (const link of lab.links) {
      if (link.role === 'fabric' && this.switches.has(link.a.node) && this.switches.has(link.b.node))
        this.world.plug(link);
    }
    let waiting = nodes.length;
    if (waiting === 0) this.world.schedule(0, finished);
    nodes.forEach(({ name }, index) => {
      this.boot(name, index * BETWEEN_CONTAINERS, () => {
        if (--waiting === 0) finished();
      });
    });
  }

  /** Starts a created or stopped switch; it is there after its boot time. */
  boot(name: string, delay = 0, up: () => void = () => {}): void {
    if (this.booting.has(name) || this.switches.get(name)?.running === true) return;
    this.booting.add(name);
    this.world.noteTime(name, 'started');
    const spread = this.world.random(`boot ${name}`).between(0, BOOT_SPREAD);
    this.world.schedule(delay + BOOT_TIME + spread, () => {
      if (!this.booting.delete(name)) return;
      this.switches.get(name)?.start();
      up();
    });
  }

  stop(name: string): void {
    this.booting.delete(name);
    this.switches.get(name)?.stop();
  }

  /** `containerlab destroy`: the containers are gone, and with them every cable that ended at one. */
  destroy(): void {
    for (const { name } of [...this.switches.values()]) {
      this.stop(name);
      this.world.removeDevice(name);
      this.switches.delete(name);
    }
    this.sessionVersion++;
  }

  /** Commits a configuration; the event names the lines that changed. */
  applyConfig(name: string, config: SwitchConfig, lines: readonly string[]): number | undefined {
    const node = this.switches.get(name);
    if (node === undefined || !node.running) return undefined;
    const event = this.world.emit({ type: 'config-changed', node: name, lines });
    this.world.causedBy(event, () => node.reconfigure(config));
    return event;
  }

  /** A cluster node's BGP sessions changed: BFD runs beside those whose BGPPeer names a profile. */
  followSpeakers(device: Device, speakers: readonly NodeSpeaker[]): void {
    this.sessionVersion++;
    const wanted: BfdEndOptions[] = [];
    for (const { process, bfd } of speakers) {
      if (process.device !== device || !process.alive || !device.running) continue;
      for (const { peer, localAddress, config } of process.sessions()) {
        const timers = bfd(peer);
        const local =
          localAddress ?? config.localAddress ?? device.sourceAddressTowards(peer, process.instance);
        if (timers === undefined || local === undefined) continue;
        wanted.push({
          device,
          instance: process.instance,
          localAddress: local,
          peer,
          ...timers,
          onChange: state => process.bfdChanged(peer, state),
        });
      }
    }
    this.bfd.replaceEnds(device, wanted);
  }

  private add(lab: Lab, node: SwitchNode): void {
    const cabled = lab.links
      .flatMap(({ a, b }) => [a, b])
      .filter(end => end.node === node.name)
      .map(end => end.port);
    const created = new Switch({
      world: this.world,
      transport: this.transport,
      node,
      cabled,
      modulo: this.modulo,
      onSessionsChanged: where => {
        this.sessionVersion++;
        followBgpSessions(this.bfd, where);
      },
    });
    this.switches.set(node.name, created);
    this.world.addDevice(created);
  }
}
