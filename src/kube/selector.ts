import type { LabelSelector } from './objects.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the labels satisfy the selector. An empty selector matches everything, an absent one nothing. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  return (
    labelsMatch(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) =>
      expressionMatches(key, operator, values ?? [], labels),
    )
  );
}

/** Whether every wanted label is there with its value. */
export function labelsMatch(wanted: Labels, labels: Labels | undefined): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** One `matchExpressions` entry. Gt and Lt belong to node selectors only. */
export function expressionMatches(
  key: string,
  operator: string,
  values: readonly string[],
  labels: Labels | undefined,
): boolean {
  const value = labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/**
 * A selector as typed after `-l`: "app=web", "app!=web", "tier in (a,b)", "tier notin (a)", "app", "!app".
 * Undefined when it does not parse.
 */
export function parseSelector(text: string): LabelSelector | undefined {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: NonNullable<LabelSelector['matchExpressions']>[number][] = [];
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = part.trim();
    const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
    const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(requirement);
    const exists = /^(!?)\s*([\w./-]+)$/.exec(requirement);
    if (set?.[1] !== undefined)
      matchExpressions.push({
        key: set[1],
        operator: set[2] === 'in' ? 'In' : 'NotIn',
        values: (set[3] ?? '').split(',').map(value => value.trim()),
      });
    else if (equality?.[1] !== undefined) {
      if (equality[2] === '!=')
        matchExpressions.push({ key: equality[1], operator: 'NotIn', values: [equality[3] ?? ''] });
      else matchLabels[equality[1]] = equality[3] ?? '';
    } else if (exists?.[2] !== undefined)
      matchExpressions.push({ key: exists[2], operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists' });
    else return undefined;
  }
  return { matchLabels, matchExpressions };
}

/** "app=web,tier=front": how kubectl prints a selector. */
export function selectorText(selector: LabelSelector | Labels | undefined): string {
  if (selector === undefined) return '<none>';
  const isSelector = 'matchLabels' in selector || 'matchExpressions' in selector;
  const labels = isSelector ? ((selector as LabelSelector).matchLabels ?? {}) : (selector as Labels);
  const expressions = isSelector ? ((selector as LabelSelector).matchExpressions ?? []) : [];
  const parts = [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...expressions.map(({ key, operator, values }) =>
      operator === 'Exists'
        ? key
        : operator === 'DoesNotExist'
          ? `!${key}`
          : `${key} ${operator.toLowerCase()} (${(values ?? []).join(',')})`,
    ),
  ];
  return parts.length === 0 ? '<none>' : parts.join(',');
}
