import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** An element's width in CSS pixels, followed as it changes; 0 before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    // In the next frame: a change of size within the observer's own turn would be reported as a loop.
    const observer = new ResizeObserver(() => requestAnimationFrame(() => setWidth(Math.floor(target.clientWidth))));
    observer.observe(target);
    setWidth(Math.floor(target.clientWidth));
    return () => observer.disconnect();
  }, [element]);
  return width;
}
