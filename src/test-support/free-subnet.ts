import { containsPrefix, isPrefix } from '../net/prefix.ts';
import { createDocker } from '../programs/docker.ts';

/** The beginning of a /16 ("172.23.") that no network of this Docker has: other labs may run beside a test. */
export async function freeSubnet(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const networks = await createDocker(env).networks();
  const taken = networks.outcome === 'done' ? networks.value.flatMap(({ subnets }) => subnets) : [];
  const free = Array.from({ length: 12 }, (_, index) => `172.${31 - index}.`).find(start => {
    const prefix = `${start}0.0/16`;
    return !taken
      .filter(isPrefix)
      .some(subnet => containsPrefix(prefix, subnet) || containsPrefix(subnet, prefix));
  });
  if (free === undefined) throw new Error(`Docker has no free network for a test: ${taken.join(', ')}`);
  return free;
}
