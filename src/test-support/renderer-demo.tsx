import { Box, Text, useInput, useWindowSize } from 'ink';
import { useState } from 'react';
import { Canvas } from '../renderer/canvas.tsx';
import { repaint } from '../renderer/repaint.ts';
import { openScreen, type Screen } from '../renderer/screen.ts';
import { style } from '../renderer/style.ts';

let ticks = 0;
let lastMouse = 'none';
const count = style({ fg: 'green', bold: true });

/** A small program on the renderer for tests in a pseudo-terminal: every key provokes one thing. */
export function main(): Promise<void> {
  const screen = openScreen();
  screen.onMouse(event => {
    lastMouse = `${event.kind} ${event.button} ${event.x},${event.y} ${event.wheel}`;
    repaint();
  });
  screen.show(<Demo screen={screen} />);
  return screen.closed;
}

function Demo({ screen }: { screen: Screen }) {
  const { columns, rows } = useWindowSize();
  const [typed, setTyped] = useState('');
  const [dialog, setDialog] = useState(false);
  useInput(input => {
    for (const key of input) {
      if (key === 'q') void screen.close();
      else if (key === 't') tick();
      else if (key === 'd') setDialog(shown => !shown);
      else if (key === 'm') screen.setMouse(true);
      else if (key === 'e') throw new Error('thrown in a key handler');
      else if (key === 'p') void Promise.reject(new Error('rejected and forgotten'));
      else if (key === 'b') void screen.background().then(answer => setTyped(`background ${answer}`));
      else if (key === 'l') void screen.lend(async () => process.stdout.write('lent\n'));
      else setTyped(before => before + key);
    }
  });
  return (
    <Box width={columns} height={rows} flexDirection="column">
      <Box borderStyle="round" flexGrow={1} flexDirection="column">
        <Text>
          demo {columns}×{rows} typed {typed}
        </Text>
        <Canvas
          paint={surface => {
            surface.put(0, 0, `ticks ${ticks}`, count);
            surface.put(0, 1, `mouse ${lastMouse}`);
            surface.put(0, 2, '日本 🚀 👨‍👩‍👧 │ after wide characters');
            surface.fill(0, surface.height - 1, surface.width, 1, undefined, '▁');
          }}
        />
      </Box>
      {dialog && (
        <Box position="absolute" top={2} left={30} borderStyle="double">
          <Text>dialog</Text>
        </Box>
      )}
      <Text wrap="truncate">
        👨‍👩‍👧 family in the last row, the very last column is here{'→'.repeat(columns)}
      </Text>
    </Box>
  );
}

function tick(): void {
  ticks++;
  repaint();
}
