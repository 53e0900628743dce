/** The part of dockerode that programs/docker.ts uses; the package brings no types. */
declare module 'dockerode' {
  import type { Duplex, Readable } from 'node:stream';

  type Json = Readonly<Record<string, unknown>>;

  export default class Dockerode {
    constructor(options?: Json);
    readonly modem: {
      demuxStream(stream: Readable, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): void;
      dial(request: Json, answered: (error: Error | null, said: Json) => void): void;
    };
    version(options: Json): Promise<Json>;
    info(options: Json): Promise<Json>;
    listNetworks(options?: Json): Promise<Json[]>;
    createNetwork(options: Json): Promise<{ readonly id: string }>;
    getNetwork(id: string): {
      inspect(options: Json): Promise<Json>;
      remove(options: Json): Promise<unknown>;
    };
    listContainers(options?: Json): Promise<Json[]>;
    getContainer(id: string): Container;
    listImages(options?: Json): Promise<Json[]>;
    pull(name: string, options: Json): Promise<Readable>;
    getEvents(options?: Json): Promise<Readable>;
  }

  type Container = {
    inspect(options: Json): Promise<Json>;
    start(options: Json): Promise<unknown>;
    stop(options?: Json): Promise<unknown>;
    kill(options?: Json): Promise<unknown>;
    pause(options: Json): Promise<unknown>;
    unpause(options: Json): Promise<unknown>;
    remove(options?: Json): Promise<unknown>;
    logs(options: Json): Promise<Buffer>;
    exec(
      options: Json,
    ): Promise<{ start(options: Json): Promise<Duplex>; inspect(options: Json): Promise<Json> }>;
  };
}
