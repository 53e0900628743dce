import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../../test-support/talk-lab.ts';
import { typed } from '../../../../../test-support/typed.ts';

describe('docker', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('links');
  });

  it('ps has Docker’s columns', async () => {
    const { lines } = await typed(lab, 'docker ps --filter name=SPINE-DC-2');
    expect(lines[0]).toMatch(/^CONTAINER ID {3}IMAGE {26}COMMAND {16}CREATED +STATUS +PORTS {5}NAMES$/);
    expect(lines[1]).toMatch(
      /^[0-9a-f]{12} {3}ghcr\.io\/nokia\/srlinux:25\.3\.3 {3}"\/tini -- fixuid -q… {3}\d+ seconds? ago +Up \d+ seconds? {2,}clab-dc-k8s-SPINE-DC-2$/,
    );
  });

  it('ps obeys templates, tables of templates, -q and filters', async () => {
    expect(
      (await typed(lab, "docker ps --filter name=worker --format '{{.Names}} {{.State}}'")).lines,
    ).toEqual(['datacenter-worker running', 'datacenter-worker2 running', '']);
    expect(
      (await typed(lab, "docker ps -f name=client --format 'table {{.Names}}\\t{{.Image}}'")).lines,
    ).toEqual(['NAMES                  IMAGE', 'client-control-plane   kindest/node:v1.37.0', '']);
    expect((await typed(lab, 'docker ps -q --filter label=containerlab=dc-k8s | wc -l')).text).toBe('5\n');
    const json = await typed(lab, 'docker ps --filter name=client --format json');
    expect(JSON.parse(json.text)).toMatchObject({ Names: 'client-control-plane', Networks: 'kind' });
  });

  it.each([
    ['docker ps --bogus', 'unknown flag: --bogus'],
    ['docker ps --filter colour=red', "invalid filter 'colour'"],
    ["docker ps --format '{{.Nope}}'", "can't evaluate field Nope"],
    ['docker exec --detach datacenter-worker ip route', 'unknown flag: --detach'],
    ['docker stop --now datacenter-worker', 'unknown flag: --now'],
    ['docker kill -s HUP datacenter-worker', 'what a process does with SIGHUP is not modelled'],
    ['docker inspect nobody', 'No such object: nobody'],
    ['docker logs datacenter-worker', "the lab's containers write no log"],
    ['docker images', 'the embedded lab has no images'],
    ['docker rm -f datacenter-worker', 'kind delete cluster --name datacenter removes its cluster'],
    ['docker unpause datacenter-worker', 'is not paused'],
    ['docker network connect kind datacenter-worker', 'create, ls, inspect and rm are answered here'],
  ])('%s is refused by name', async (line, because) => {
    const { code, text } = await typed(lab, line);
    expect(code).not.toBe(0);
    expect(text).toContain(because);
  });

  it.each(['exec datacenter-worker ip route', 'stop datacenter-worker'])(
    '%s names the container as Docker will, before its stage is built',
    async words => {
      const early = await new DrivenLab(talkLab()).buildUpTo('fabric');
      expect((await typed(early, `docker ${words}`)).text).toBe(
        'Error response from daemon: No such container: datacenter-worker (its stage is not built yet)\n',
      );
    },
  );

  it('inspect answers what people ask for', async () => {
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    expect((await typed(lab, `docker inspect -f '${address}' datacenter-worker`)).text).toBe('172.18.0.3\n');
    expect((await typed(lab, "docker inspect -f '{{.State.Status}}' clab-dc-k8s-LEAF-DC-1")).text).toBe(
      'running\n',
    );
    const whole = JSON.parse((await typed(lab, 'docker inspect clab-dc-k8s-LEAF-DC-1')).text);
    expect(whole[0]).toMatchObject({ Name: '/clab-dc-k8s-LEAF-DC-1', State: { Running: true, ExitCode: 0 } });
  });

  it('network ls and inspect have Docker’s columns and the containers’ addresses', async () => {
    const { lines } = await typed(lab, 'docker network ls');
    expect(lines[0]).toBe('NETWORK ID     NAME      DRIVER    SCOPE');
    expect(lines[3]).toMatch(/^[0-9a-f]{12} {3}kind {6}bridge {4}local$/);
    const [kind] = JSON.parse((await typed(lab, 'docker network inspect kind')).text);
    expect(Object.values(kind.Containers)).toContainEqual({
      Name: 'datacenter-worker2',
      IPv4Address: '172.18.0.4/16',
    });
  });

  it('pauses, stops and restarts, and ps tells', async () => {
    const status = async () =>
      (await typed(lab, "docker ps -a --filter name=SPINE-DC-2 --format '{{.Status}}'")).text.trim();
    expect((await typed(lab, 'docker pause clab-dc-k8s-SPINE-DC-2')).text).toBe('clab-dc-k8s-SPINE-DC-2\n');
    expect(await status()).toMatch(/^Up .* \(Paused\)$/);
    expect((await typed(lab, 'docker exec clab-dc-k8s-SPINE-DC-2 sr_cli "show version"')).text).toBe(
      'Error response from daemon: Container clab-dc-k8s-SPINE-DC-2 is paused, unpause the container before exec\n',
    );
    await typed(lab, 'docker unpause clab-dc-k8s-SPINE-DC-2');
    await typed(lab, 'docker stop -t 1 clab-dc-k8s-SPINE-DC-2');
    lab.advance(5_000);
    expect(await status()).toBe('Exited (137) 5 seconds ago');
    expect((await typed(lab, 'docker restart clab-dc-k8s-SPINE-DC-2')).text).toBe('clab-dc-k8s-SPINE-DC-2\n');
    // It is up while SR Linux boots in it.
    expect(await status()).toBe('Up Less than a second');
    lab.settle();
    expect(await status()).toMatch(/^Up [^(]*$/);
    await typed(lab, 'docker pause clab-dc-k8s-SPINE-DC-2');
    await typed(lab, 'docker restart clab-dc-k8s-SPINE-DC-2');
    lab.settle();
    expect(await status()).toMatch(/^Up [^(]*$/);
    expect((await lab.snapshot()).faults).toEqual([]);
  });
});
