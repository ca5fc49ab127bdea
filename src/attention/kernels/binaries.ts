/** The bytes of the four kernel modules (`dist/wasm/attention.*.wasm`). */
export interface KernelBinaries {
  readonly relaxed: Uint8Array<ArrayBuffer>;
  readonly relaxedShared: Uint8Array<ArrayBuffer>;
  readonly simd: Uint8Array<ArrayBuffer>;
  readonly simdShared: Uint8Array<ArrayBuffer>;
}

/** File names in `dist/wasm`. */
export const kernelFiles: Readonly<Record<keyof KernelBinaries, string>> = {
  relaxed: "attention.relaxed.wasm",
  relaxedShared: "attention.relaxed.shared.wasm",
  simd: "attention.simd.wasm",
  simdShared: "attention.simd.shared.wasm",
};

/** A module that this machine runs. */
export interface KernelModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Keys, and value columns, of one inner step. */
  readonly keys: 6 | 4;
  readonly shared: boolean;
}

/** The fastest module that this machine accepts; null where there is no WebAssembly SIMD (then the float64 path computes). */
export function chooseModule(binaries: KernelBinaries, shared: boolean): KernelModule | null {
  if (typeof WebAssembly === "undefined") return null;
  const relaxed = shared ? binaries.relaxedShared : binaries.relaxed;
  if (WebAssembly.validate(relaxed)) return { bytes: relaxed, keys: 6, shared };
  const simd = shared ? binaries.simdShared : binaries.simd;
  return WebAssembly.validate(simd) ? { bytes: simd, keys: 4, shared } : null;
}
