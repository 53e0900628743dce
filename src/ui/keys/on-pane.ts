import { type PaneKind, paneKinds } from '../../tutor/layout.ts';

/** What `then` makes of the focused pane; undefined while the lesson has the keys. */
export function onPane<Result>(focus: string, then: (pane: PaneKind) => Result): Result | undefined {
  const pane = paneKinds.find(kind => kind === focus);
  return pane === undefined ? undefined : then(pane);
}
