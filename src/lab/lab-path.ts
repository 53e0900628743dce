/** A file of the lab as a person types it: "./topo.yml" is "topo.yml". */
export function filePath(word: string): string {
  return word.replace(/^(\.\/)+/, '');
}

/** A file or a folder: "./app/" is "app", "." is "". */
export function labPath(word: string): string {
  return filePath(word).replace(/\/+$/, '').replace(/^\.$/, '');
}
