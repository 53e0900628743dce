import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });

it.each(['README.md', 'src/README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)])(
  'every source file that %s names is there',
  document => {
    const text = readFileSync(join(root, document), 'utf8');
    const named = [...text.matchAll(/`(?:src\/)?([\w./-]+\.(?:ts|tsx|mjs))`/g)].map(([, path = '']) => path);
    const isThere = (path: string) => files.some(file => file === path || file.endsWith(`/${path}`));
    expect(named.filter(path => !isThere(path))).toEqual([]);
  },
);

it.each(['README.md', 'docs/writing-lessons.md', 'docs/lab-files.md', 'docs/not-modelled.md'])(
  'every relative link of %s leads somewhere',
  document => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path = '']) => path);
    expect(links.filter(path => !existsSync(join(root, document, '..', path)))).toEqual([]);
  },
);
