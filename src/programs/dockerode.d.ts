/** The part of dockerode that programs/docker.ts uses; the package brings no types. */
declare module 'dockerode' {
  import type { Duplex, Readable } from 'node:stream';

  type Json = Readonly<Record<string, unknown>>;

  export default class Dockerode {
    constructor(options?: Json);
    readonly modem: {
      demuxStream(stream: Readable, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): void;
    };
    version(): Promise<Json>;
    info(): Promise<Json>;
    listNetworks(options?: Json): Promise<Json[]>;
    createNetwork(options: Json): Promise<{ readonly id: string }>;
    getNetwork(id: string): { inspect(): Promise<Json>; remove(): Promise<unknown> };
    listContainers(options?: Json): Promise<Json[]>;
    getContainer(id: string): Container;
    listImages(options?: Json): Promise<Json[]>;
    getImage(name: string): { inspect(): Promise<Json> };
    pull(name: string, options: Json): Promise<Readable>;
    getEvents(options?: Json): Promise<Readable>;
  }

  type Container = {
    inspect(): Promise<Json>;
    start(): Promise<unknown>;
    stop(options?: Json): Promise<unknown>;
    kill(options?: Json): Promise<unknown>;
    pause(): Promise<unknown>;
    unpause(): Promise<unknown>;
    remove(options?: Json): Promise<unknown>;
    logs(options: Json): Promise<Buffer>;
    exec(options: Json): Promise<{ start(options: Json): Promise<Duplex>; inspect(): Promise<Json> }>;
  };
}
