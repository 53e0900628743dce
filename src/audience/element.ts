/** A piece of the page as plain data: the browser makes it with createElement, so no text is ever read as markup. */
export type PageElement = {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly PageNode[];
};

export type PageNode = string | PageElement;

export function element(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly PageNode[]
): PageElement {
  return {
    tag,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(children.length > 0 && { children }),
  };
}

/** All text below a node, for readers and tests. */
export function textOf(node: PageNode): string {
  return typeof node === 'string' ? node : (node.children ?? []).map(textOf).join('');
}
