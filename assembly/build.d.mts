/** Writes the modules into `folder`. */
export function buildKernels(folder: string): Promise<void>;
/** The modules by file name. */
export function compileKernels(): Promise<Map<string, Uint8Array<ArrayBuffer>>>;
