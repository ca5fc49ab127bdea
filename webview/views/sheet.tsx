import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useDispatch, useTranslate } from "../context.ts";
import { Button } from "../ui/controls.ts";

/** A page over the panel. The browser's own dialog keeps the focus inside and gives it back. */
export function Sheet({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dispatch({ type: "sheet", sheet: null });
  return (
    <dialog ref={dialog} class="sheet" aria-label={title} onClose={close}>
      <header>
        <h2>{title}</h2>
        <Button kind="icon" label={translate("Close")} onPress={close}>
          ×
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div class="sheet-body" tabIndex={0}>
        {children}
      </div>
    </dialog>
  );
}
