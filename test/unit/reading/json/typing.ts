import fc from "fast-check";
import type { Language, Reader, TensorDocument } from "../../../../src/reading/document.ts";
import { PieceText, type TextChange } from "../../../../src/reading/pieceText.ts";

/** A text, and what is typed into it: places and lengths are fitted to the text as it is by then. */
export interface Typing {
  readonly text: string;
  readonly language: Language;
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly place: number;
  readonly length: number;
  readonly inserted: string;
  /** Inside a number, as most of what is typed; a whole bracket with what is in it, and the comma; else anywhere. */
  readonly what: "number" | "bracket" | "any";
  /** With the next edit, read at once: several cursors, or a reading that typing has overtaken. */
  readonly waits: boolean;
}

/** Edits of `texts`, most of them inside a number or of whole brackets, some that break the text, some that mend it. */
export function typing(texts: fc.Arbitrary<string>, literal: fc.Arbitrary<string>): fc.Arbitrary<Typing> {
  const row = fc.array(literal, { maxLength: 4 }).map((all) => `[${all.join(", ")}]`);
  const inserted = fc.oneof(
    fc.stringMatching(/^[-+.eE0-9]{0,3}$/),
    literal,
    row,
    fc.tuple(row, row).map((rows) => `, [${rows.join(",\n")}]`),
    fc.tuple(literal, row).map(([value, rows]) => `, "x": ${value}, "é": ${rows}`),
    fc.constantFrom(
      "",
      "",
      ", 0.5",
      "0.5,",
      "[",
      "]",
      "], [",
      "{",
      "}",
      ",",
      '"',
      '"\\',
      "\n",
      " ",
      "// é\n",
      "/*",
      "*/",
      "] //",
    ),
    fc.constantFrom("NaN", "null", "true", "😀", '"a"', '"": 1,', "\u2028", "\ufeff"),
  );
  const what = fc.constantFrom<Edit["what"]>("number", "number", "bracket", "any");
  const edit = fc.record({ place: fc.nat(), length: fc.nat(4), inserted, what, waits: fc.boolean() });
  const language = fc.constantFrom<Language>("json", "json", "jsonc", "jsonl");
  return fc.record({ text: texts, language, edits: fc.array(edit, { minLength: 1, maxLength: 8 }) });
}

/** What is wrong with a reading that was carried from edit to edit, against those of each text alone; null if nothing is. */
export function wrongAfterEdits({ text: start, language, edits }: Typing, reader: Reader): string | null {
  let text = PieceText.of(start);
  let reading = reader.read(text, { language });
  let changes: TextChange[] = [];
  for (const [at, edit] of edits.entries()) {
    changes.push(changeOf(String(text), edit));
    text = text.edited(changes.at(-1)!);
    if (edit.waits && at < edits.length - 1) continue;
    reading = reader.read(text, { language, previous: reading, changes });
    changes = [];
    if (edit.place % 2) lookAt(reading);
    const fresh = reader.read(String(text), { language });
    if (told(reading) !== told(fresh)) return `${JSON.stringify(edits.slice(0, at + 1))} are read other than ${text}`;
  }
  return null;
}

const targets = { number: /\d+/g, bracket: /\[[^[\]]*\]|"[^"]*"|[,\]}]\s*/g, any: null } as const;

function changeOf(text: string, { place, length, inserted, what }: Edit): TextChange {
  const pattern = targets[what];
  const found = pattern ? [...text.matchAll(pattern)] : [];
  const target = found[place % Math.max(1, found.length)];
  if (target && what === "bracket")
    return { offset: target.index, length: length ? target[0].length : 0, text: inserted };
  const offset = target ? target.index + (place % target[0].length) : place % (text.length + 1);
  const most = target ? target.index + target[0].length - offset : text.length - offset;
  return { offset, length: Math.min(length, most), text: inserted };
}

/** Values are made when somebody asks: before an edit, or not. */
function lookAt({ tensors }: TensorDocument): void {
  for (const { values, places } of tensors) if (values?.data.length) places?.range(0);
}

/** All that a reading says, its numbers and their places. */
function told({ tensors, sites, problems, at }: TensorDocument): string {
  const numbers = tensors.map(({ values, places }) => {
    const data = [...((values?.data ?? []) as ArrayLike<number | bigint> & Iterable<number | bigint>)];
    return data.map((value, flat) => [Object.is(value, -0) ? "-0" : String(value), places?.range(flat)]);
  });
  const found = tensors.map(({ range }) => at(range.start + 1)?.tensor.id);
  const heads = tensors.map(({ id, name, range, shape, dtype, why }) => [id, name, range, shape, dtype, why]);
  return JSON.stringify([heads, sites, problems, numbers, found]);
}
