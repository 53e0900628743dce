import { Box, Text } from 'ink';
import { render } from 'ink-testing-library';
import { describe, expect, it, vi } from 'vitest';
import { Canvas } from './canvas.tsx';
import { repaint } from './repaint.ts';

describe('a canvas drawn through stock Ink', () => {
  it('fills the room that is left to it', () => {
    const { lastFrame, unmount } = render(
      <Box width={12} height={4} borderStyle="single" flexDirection="column">
        <Text>Routes</Text>
        <Canvas paint={surface => surface.fill(0, 0, surface.width, surface.height, undefined, '·')} />
      </Box>,
    );
    expect(lastFrame()).toBe(['┌──────────┐', '│Routes    │', '│··········│', '└──────────┘'].join('\n'));
    unmount();
  });

  it('shows new data after a repaint, without a new element', async () => {
    let routes = 1;
    const { lastFrame, unmount } = render(
      <Canvas width={10} height={1} paint={surface => surface.put(0, 0, `routes ${routes}`)} />,
    );
    expect(lastFrame()).toBe('routes 1');
    routes = 2;
    repaint();
    await vi.waitFor(() => expect(lastFrame()).toBe('routes 2'));
    unmount();
  });
});
