import type { JSX } from "preact";
import type { Names } from "../data/names.ts";

/** A key's name in a narrow column; who hovers or listens gets it in full. */
export function KeyName({ names, of }: { readonly names: Names; readonly of: number }): JSX.Element {
  const [full, short] = [names.key(of), names.shortKey(of)];
  if (short === full) return <>{full}</>;
  return (
    <>
      <span title={full} aria-hidden="true">
        {short}
      </span>
      <span class="hidden">{full}</span>
    </>
  );
}
