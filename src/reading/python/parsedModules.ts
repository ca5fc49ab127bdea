import type { Parsed } from "./parse.ts";

/** Characters of the modules whose syntax is kept; their trees take some twenty times as many bytes. */
const mostKept = 4_000_000;

/** The syntax of imported modules, kept from one reading to the next: those used last, up to `most` characters of text. */
export class ParsedModules {
  private readonly parse: (text: string) => Parsed;
  private readonly most: number;
  private readonly known = new Map<string, { readonly text: string; readonly parsed: Parsed }>();
  private kept = 0;

  constructor(parse: (text: string) => Parsed, most = mostKept) {
    this.parse = parse;
    this.most = most;
  }

  /** How many modules are kept. */
  get size(): number {
    return this.known.size;
  }

  /** The syntax of the module `id`, which has this text now. Of a module larger than all that is kept nothing is. */
  of(id: string, text: string): Parsed {
    const known = this.known.get(id);
    const parsed = known?.text === text ? known.parsed : this.parse(text);
    this.drop(id);
    this.known.set(id, { text, parsed });
    this.kept += text.length;
    for (const [oldest] of this.known) {
      if (this.kept <= this.most) break;
      this.drop(oldest);
    }
    return parsed;
  }

  private drop(id: string): void {
    this.kept -= this.known.get(id)?.text.length ?? 0;
    this.known.delete(id);
  }
}
