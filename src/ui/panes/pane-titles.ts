import type { PaneKind } from '../../tutor/layout.ts';

/** A pane's name on screen. */
export const paneTitles: Readonly<Record<PaneKind, string>> = {
  topology: 'Topology',
  sessions: 'BGP sessions',
  routes: 'Routes',
  evpn: 'EVPN',
  forwarding: 'Forwarding',
  ecmp: 'ECMP',
  cluster: 'Cluster',
  traffic: 'Traffic',
  timeline: 'Timeline',
  packets: 'Packets',
  build: 'Build',
  shell: 'Shell',
};

/** For the palette and the help: what the pane answers. */
export const paneQuestions: Readonly<Record<PaneKind, string>> = {
  topology: 'what is connected, up, busy, broken',
  sessions: 'who speaks BGP with whom, and since when',
  routes: 'what a switch knows, and why it chose that',
  evpn: 'what the overlay tells about MACs and prefixes',
  forwarding: 'what the data plane really does with a packet',
  ecmp: 'which flow takes which way, and why',
  cluster: 'nodes, pods, services, and who announces them',
  traffic: 'requests per second, losses, who answers',
  timeline: 'what happened, and because of what',
  packets: 'what BGP speakers say to each other, field by field',
  build: 'how far the lab is built',
  shell: 'commands and what they print',
};
