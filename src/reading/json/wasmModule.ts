/** What assembly/json/scanner.ts exports: numbers are sizes, counts and places in its memory. */
export interface ScannerExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  readonly starts: { readonly value: number };
  readonly values: { readonly value: number };
  readonly slow: { readonly value: number };
  readonly notes: { readonly value: number };
  readonly nodes: { readonly value: number };
  readonly inputSize: { readonly value: number };
  begin(offset: number, lenient: boolean, lines: boolean): void;
  scan(length: number, last: boolean): number;
  takeLeaves(): void;
  isFinished(): number;
  getStatus(): number;
  getNodeCount(): number;
  getLeafCount(): number;
  getSlowCount(): number;
  getNoteCount(): number;
  getSpecialCount(): number;
  getOverflowCount(): number;
  getFailure(): number;
  getOpen(): number;
  getOffset(): number;
}

/**
 * The bytes of `json.wasm` as something to be instantiated.
 * @throws where WebAssembly is refused
 */
export function scannerModule(bytes: Uint8Array): () => ScannerExports {
  const module = new WebAssembly.Module(bytes);
  const imports = { env: { abort: () => undefined } };
  return () => new WebAssembly.Instance(module, imports).exports as unknown as ScannerExports;
}
