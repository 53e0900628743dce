import { Box, type BoxProps, type DOMElement, measureElement, Text, useBoxMetrics } from 'ink';
import {
  createElement,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from 'react';
import { createGrid, rowText } from './grid.ts';
import { onRepaint } from './repaint.ts';
import { createSurface, type Surface } from './surface.ts';
import { swap } from './swap.ts';

/** Everything a Box takes that has to do with its place and size. */
export type CanvasProps<Look = unknown> = {
  /** What there is to show now. While it is the same value, what was painted stays; without it, every repaint paints. */
  readonly look?: () => Look;
  readonly paint: (surface: Surface, look: Look) => void;
  /**
   * Changes what was painted for `before` into what `look` gives now: dearer to write, cheaper to run. False when it cannot and
   * has changed nothing: then `paint` gets a blank surface.
   */
  readonly update?: (surface: Surface, look: Look, before: Look) => boolean;
} & Pick<
  BoxProps,
  | 'width'
  | 'height'
  | 'minWidth'
  | 'minHeight'
  | 'maxWidth'
  | 'maxHeight'
  | 'flexGrow'
  | 'flexShrink'
  | 'flexBasis'
  | 'alignSelf'
  | 'position'
  | 'top'
  | 'right'
  | 'bottom'
  | 'left'
  | 'margin'
  | 'marginX'
  | 'marginY'
  | 'marginTop'
  | 'marginBottom'
  | 'marginLeft'
  | 'marginRight'
>;

/**
 * A box that Ink places and that `paint` fills cell by cell. It starts blank on every frame. Without a size of its own
 * it grows into the space that is left. `paint` must be quick and may be called at any time between frames.
 */
export function Canvas<Look = undefined>(props: CanvasProps<Look>): ReactNode {
  return createElement(swap.active ? CellCanvas : TextCanvas, props as CanvasProps);
}

/** The swapped output stage finds `paint` on the element and calls it with the cells the box covers. */
function CellCanvas({ paint, look, update, ...place }: CanvasProps): ReactNode {
  return createElement('ink-box', { style: placed(place), paint, look, update });
}

type Place = Omit<CanvasProps, 'paint' | 'look' | 'update'>;

/** With Ink's own output stage the painted rows become lines of text once the size is known. */
function TextCanvas({ paint, look, update: _, ...place }: CanvasProps): ReactNode {
  const box = useRef<DOMElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  // Renders again when the layout around it changes.
  useBoxMetrics(box as RefObject<DOMElement>);
  useLayoutEffect(() => onRepaint(drawAgain), []);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const { width, height } = measureElement(box.current);
    if (width !== size.width || height !== size.height) setSize({ width, height });
  });
  const grid = createGrid(size.width, size.height);
  if (size.width > 0 && size.height > 0) paint(createSurface(grid), look?.());
  return (
    <Box ref={box} overflow="hidden" {...placed(place)}>
      {/* Out of the flow, so that what is painted never holds the box open. */}
      <Box position="absolute" flexDirection="column">
        {Array.from({ length: grid.height }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of cells is its position
          <Box key={row} height={1} flexShrink={0} width={grid.width}>
            <Text wrap="truncate">{rowText(grid, row) || ' '}</Text>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

function placed(place: Place): Place {
  const sized = place.width !== undefined && place.height !== undefined;
  return { flexGrow: sized ? 0 : 1, flexShrink: 1, alignSelf: 'stretch', ...place };
}
