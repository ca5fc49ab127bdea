import fc from "fast-check";
import type { Language, Reader, TensorDocument } from "../src/reading/document.ts";
import { PieceText, type TextChange } from "../src/reading/pieceText.ts";

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
  /** Inside a number, as most of what is typed; else anywhere. */
  readonly inNumber: boolean;
}

/** Edits of `texts`, most of them inside a number, some that break the text, some that mend it. */
export function typing(texts: fc.Arbitrary<string>, literal: fc.Arbitrary<string>): fc.Arbitrary<Typing> {
  const inserted = fc.oneof(
    fc.stringMatching(/^[-+.eE0-9]{0,3}$/),
    literal,
    fc.constantFrom("", ", 0.5", "[", "]", '"', "\n", " ", "// é\n", "NaN", "😀"),
  );
  const edit = fc.record({ place: fc.nat(), length: fc.nat(4), inserted, inNumber: fc.boolean() });
  const language = fc.constantFrom<Language>("json", "json", "jsonc", "jsonl");
  return fc.record({ text: texts, language, edits: fc.array(edit, { minLength: 1, maxLength: 8 }) });
}

/** What is wrong with a reading that was carried from edit to edit, against one of the last text alone; null if nothing is. */
export function wrongAfterEdits({ text: start, language, edits }: Typing, reader: Reader): string | null {
  let text = PieceText.of(start);
  let reading = reader.read(text, { language });
  for (const edit of edits) {
    const change = changeOf(String(text), edit);
    text = text.edited(change);
    reading = reader.read(text, { language, previous: reading, changes: [change] });
    if (edit.place % 2) lookAt(reading);
  }
  const fresh = reader.read(String(text), { language });
  return told(reading) === told(fresh) ? null : `${JSON.stringify(edits)} are read other than ${String(text)}`;
}

function changeOf(text: string, { place, length, inserted, inNumber }: Edit): TextChange {
  const starts = inNumber ? [...text.matchAll(/\d+/g)] : [];
  const number = starts[place % Math.max(1, starts.length)];
  const offset = number ? number.index + (place % number[0].length) : place % (text.length + 1);
  const most = number ? number.index + number[0].length - offset : text.length - offset;
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
