/** The largest file that is read, in bytes. The rim looks at the size first and answers `too-large` without reading. */
export const largestFile = 1_048_576;
