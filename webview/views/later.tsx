import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSelect } from "../context.ts";

/** A picture that takes longer than this, in milliseconds, does not hold up the rest. */
const patience = 150;

/** What stands beside the map is made when the map can be seen: making it takes as long as three frames. */
export function Later({ children }: { readonly children: ComponentChildren }): JSX.Element | null {
  const mapSeen = useSelect((state) => state.mapSeen);
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setWaited(true), patience);
    return () => window.clearTimeout(timer);
  }, []);
  return mapSeen || waited ? <>{children}</> : null;
}
