import type { Command } from '../command.ts';
import { signpost } from '../signpost.ts';

const BECAUSE: Readonly<Record<string, string>> = {
  iptables:
    "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices, and the path of a flow in the ecmp pane",
  'iptables-save':
    "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices, and the path of a flow in the ecmp pane",
  nft: "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices",
  conntrack:
    'connections are translated as kube-proxy does it and not listed; the path of a flow is in the ecmp pane',
  tc: 'containerlab tools netem set -n <node> -i <port> --delay … --loss … does it from your machine',
  ethtool: 'ports have no hardware here; ip -s link counts packets',
  ps: 'processes are not modelled; kubectl get pods -A -o wide lists what runs where',
  top: 'processor time and memory are not modelled',
  cat: 'hosts have no files here; cat on your own machine shows the files of the lab',
  ls: 'hosts have no files here; ls on your own machine shows the files of the lab',
  systemctl:
    'services of the host are not modelled; docker stop and start a node, kubectl delete pod restarts a pod',
  journalctl: 'hosts write no journal here; the timeline tells what happened',
};

/** What people try on a host and the model does not know: one line each. */
export const hostSignposts: readonly Command[] = Object.entries(BECAUSE).map(([name, because]) =>
  signpost(name, () => [because, 1]),
);
