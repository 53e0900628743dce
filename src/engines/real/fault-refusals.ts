import { type CommandResult, refused } from '../../lab/command.ts';
import type { Lab } from '../../lab/lab.ts';

/** Why something cannot be broken now, in the same words whatever the routers run in. */
export function notPlugged(lab: Lab, link: string): CommandResult {
  return lab.links.some(({ id }) => id === link)
    ? refused(`the link ${link} is not plugged in`, 'Build the stage that makes it first.')
    : refused(`there is no link "${link}"`, `The links of this lab: ${names(lab.links, ({ id }) => id)}.`);
}

export function noSuchNode(lab: Lab, node: string): CommandResult {
  return refused(
    `there is no node "${node}"`,
    `The nodes of this lab: ${names(lab.nodes, each => each.name)}.`,
  );
}

export function notThere(node: string): CommandResult {
  return refused(`${node} is not there yet`, 'Build the stage that makes it first.');
}

export function notRunning(node: string): CommandResult {
  return refused(`${node} is not running`, 'Heal what stopped it.');
}

export function noSpeaker(node: string): CommandResult {
  return refused(`no BGP speaker runs on ${node}`, 'Build the stage "metallb" first.');
}

/** A process that stands still takes no other signal. */
export function speakerIsFrozen(node: string): CommandResult {
  return refused(`the BGP speaker of ${node} is frozen`, 'Heal that first.');
}

export function noSuchPod(namespace: string, pod: string): CommandResult {
  return refused(`there is no pod ${namespace}/${pod}`, 'kubectl get pods -A names them.');
}

function names<T>(things: readonly T[], nameOf: (thing: T) => string): string {
  return things.map(nameOf).join(', ');
}
