import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { type ComponentChildren, h, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** The only place that knows the toolkit: should another one take its place, this file changes and no view does. */

export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

export interface ButtonProps {
  readonly kind?: "primary" | "secondary" | "icon";
  /** Spoken and shown on hover; needed where `children` is a picture. */
  readonly label?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly expanded?: boolean;
  readonly class?: string;
  readonly onPress: () => void;
  readonly children?: ComponentChildren;
}

export function Button({
  kind = "secondary",
  label,
  pressed,
  disabled = false,
  expanded,
  onPress,
  ...rest
}: ButtonProps): JSX.Element {
  return h(
    "vscode-button",
    {
      appearance: kind,
      class: rest.class,
      "aria-label": label,
      title: label,
      "aria-pressed": pressed === undefined ? undefined : String(pressed),
      "aria-expanded": expanded === undefined ? undefined : String(expanded),
      disabled,
      onClick: onPress,
    },
    rest.children,
  );
}

export interface DropdownProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChoose: (value: string) => void;
}

export function Dropdown({ label, value, options, onChoose }: DropdownProps): JSX.Element {
  const element = useRef<HTMLElement & { value: string }>(null);
  // The toolkit reads its options only after they were slotted; a value that comes earlier is lost.
  useEffect(() => {
    const dropdown = element.current;
    if (dropdown && dropdown.value !== value) queueMicrotask(() => (dropdown.value = value));
  });
  return h(
    "vscode-dropdown",
    { ref: element, "aria-label": label, title: label, onchange: () => choose(element.current, value, onChoose) },
    options.map((option) =>
      h("vscode-option", { key: option.value, value: option.value, selected: option.value === value }, option.text),
    ),
  );
}

function choose(dropdown: { value: string } | null, value: string, onChoose: (value: string) => void): void {
  if (dropdown && dropdown.value !== value) onChoose(dropdown.value);
}

export interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: string;
}

export function Checkbox({ checked, onChange, children }: CheckboxProps): JSX.Element {
  const element = useRef<HTMLElement & { checked: boolean }>(null);
  return h("vscode-checkbox", { ref: element, checked, onchange: () => onChange(element.current!.checked) }, children);
}

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly size?: number;
  /** At every key. */
  readonly onInput?: (value: string) => void;
  /** When the text is complete: on Enter, and when the focus leaves. */
  readonly onCommit?: (value: string) => void;
  readonly onEnter?: () => void;
}

export function TextField({
  label,
  value,
  placeholder,
  size = 12,
  onInput,
  onCommit,
  onEnter,
}: TextFieldProps): JSX.Element {
  const element = useRef<HTMLElement & { value: string }>(null);
  // On its way into the page the toolkit's field names itself "Text field".
  useEffect(() => element.current?.setAttribute("aria-label", label), [label]);
  return h("vscode-text-field", {
    ref: element,
    value,
    placeholder,
    size,
    "aria-label": label,
    title: label,
    oninput: () => onInput?.(element.current!.value),
    onchange: () => onCommit?.(element.current!.value),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "Enter") onEnter?.();
    },
  });
}
