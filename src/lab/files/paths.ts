/** The folder of a path, "" for the current one: "fabric/a.cfg" gives "fabric". */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** `path` as seen from where `folder` is seen, without "." and needless "..": ("lab", "./a.cfg") gives "lab/a.cfg". */
export function joinPath(folder: string, path: string): string {
  if (path.startsWith('/') || folder === '') return normalized(path);
  return normalized(`${folder}/${path}`);
}

export function isAddress(path: string): boolean {
  return path.startsWith('https://');
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
