import { createScanner, findNodeAtLocation, type JSONPath, type Node, parseTree } from 'jsonc-parser';

export const LENIENT = { allowTrailingComma: true, disallowComments: false } as const;

/**
 * Text of JSON with comments that can be changed in places, with every other byte left where it is. The library's own
 * edits lay the neighbours out anew and may swallow a comment beside them; these insert in front, where none can be.
 */
export class JsonText {
  #text: string;
  readonly #indent: string;
  readonly #eol: string;

  constructor(text: string) {
    this.#text = text;
    this.#indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
    this.#eol = text.includes('\r\n') ? '\r\n' : '\n';
  }

  get text(): string {
    return this.#text;
  }

  find(path: JSONPath): Node | undefined {
    const root = parseTree(this.#text, [], LENIENT);
    return root && findNodeAtLocation(root, path);
  }

  valueAt(path: JSONPath): unknown {
    const value: unknown = this.find(path)?.value;
    return value;
  }

  isEmpty(path: JSONPath): boolean {
    return (this.find(path)?.children ?? []).length === 0;
  }

  replace(path: JSONPath, value: string): void {
    const node = this.find(path);
    if (node) this.#splice(node.offset, node.offset + node.length, JSON.stringify(value));
  }

  /** As the first of a list, or of an object under that name. */
  insert(path: JSONPath, value: unknown, name?: string): void {
    const container = this.find(path);
    if (!container) return;
    const depth = path.length + 1;
    const label = name === undefined ? '' : `${JSON.stringify(name)}: `;
    const lines = `${label}${JSON.stringify(value, undefined, this.#indent)}`.split('\n');
    const indented = lines.map((line) => this.#eol + this.#indent.repeat(depth) + line).join('');
    const at = container.offset + 1;
    const isBare = container.length === 2;
    const after = isBare ? this.#eol + this.#indent.repeat(depth - 1) : '';
    this.#splice(at, at, indented + (this.isEmpty(path) ? after : ','));
  }

  /** With the comma that is not needed any more, and the blanks before it. */
  remove(path: JSONPath): void {
    const value = this.find(path);
    // A value of an object goes with its name.
    const node = value?.parent?.type === 'property' ? value.parent : value;
    const siblings = node?.parent?.children;
    if (!node || !siblings) return;
    const before = siblings[siblings.indexOf(node) - 1];
    const end = node.offset + node.length;
    const comma = this.#commaAfter(end);
    const start = this.#text.slice(0, node.offset).trimEnd().length;
    if (comma !== undefined) this.#splice(start, comma + 1, this.#text.slice(end, comma));
    else this.#splice(start, end, '');
    const left = comma === undefined && before ? this.#commaAfter(before.offset + before.length) : undefined;
    if (left !== undefined) this.#splice(left, left + 1, '');
  }

  #commaAfter(offset: number): number | undefined {
    const scanner = createScanner(this.#text, true);
    scanner.setPosition(offset);
    scanner.scan();
    const at = scanner.getTokenOffset();
    return this.#text[at] === ',' ? at : undefined;
  }

  #splice(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
  }
}
