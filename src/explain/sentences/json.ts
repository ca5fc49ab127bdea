import type { Translate } from "../../tensor/message.ts";
import type { Sentences } from "../sentences.ts";

/** What can be written for an option: values as they stand in the file. */
function expectedOf(option: string, translate: Translate): string {
  switch (option) {
    case "score":
      return '"additive", "general", "dot", "cosine", "linear", "pooling", "scaled_dot"';
    case "queryWeight":
    case "keyWeight":
    case "poolingWeight":
    case "generalWeight":
      return translate("a matrix of numbers");
    case "vector":
    case "scoreBias":
      return translate("a list of numbers");
    case "temperature":
      return translate("a number above 0");
    case "featureMap":
      return '"elu", "relu", "exp"';
    case "norm":
      return 'true, "rms", "layer", "l2", {"type": "rms", "eps": 1e-6, "q_weight": [1, 1], "k_weight": [1, 1]}';
    case "rotary":
      return 'true, {"base": 10000, "interleaved": false, "dims": 64, "offset": 0}';
    case "alibi":
      return translate("true, or a slope for each head");
    case "relativeBias":
      return translate("an odd count of numbers, the middle one for distance 0, or a row of them for each head");
    case "buckets":
      return translate("a matrix [buckets, heads], at least 4 buckets, and a largest distance beyond half of them");
    case "dilation":
    case "block":
      return translate("a whole number from 1");
    case "globals":
      return translate("a list of positions, or in global_attention_mask a 0 or 1 for each position");
    case "prefix":
      return translate("a whole number from 0");
    case "sinks":
      return translate("a number for each head, or one for all");
    case "plusOne":
      return "true, false";
    case "segments":
      return translate("whole numbers from 0 upwards: where each sequence starts, and the total at the end");
    default:
      return translate(
        "a whole number for each position, the same for those of one sequence, which stand side by side",
      );
  }
}

/** What reading JSON has to say. */
export const jsonSentences: Sentences = {
  "json.end": (translate) => translate("The text ends too early: a value, a comma or a closing bracket is missing."),
  "json.value": (translate, { text }) => translate("Expected a value, got “{text}”.", { text: text! }),
  "json.comma": (translate, { text, close }) =>
    translate("Expected “,” or “{close}”, got “{text}”.", { text: text!, close: close! }),
  "json.key": (translate, { text }) => translate("Expected a key in double quotes, got “{text}”.", { text: text! }),
  "json.colon": (translate, { text }) => translate("Expected “:” behind the key, got “{text}”.", { text: text! }),
  "json.number": (translate, { text }) =>
    translate("“{text}” is not a number that JSON knows. Write it like -1.5e3, without leading zeros or a plus sign.", {
      text: text!,
    }),
  "json.word": (translate, { text, meant }) =>
    translate("“{text}” is not JSON. Write {meant}.", { text: text!, meant: meant! }),
  "json.unknownWord": (translate, { text }) =>
    translate("“{text}” is not JSON. Put text into double quotes.", { text: text! }),
  "json.control": (translate) => translate("A string cannot hold a line break or a tab as it is. Write \\n or \\t."),
  "json.escape": (translate) => translate("JSON does not know this escape. Write \\\\ for a backslash."),
  "json.unclosedString": (translate) => translate("This string is not closed with a double quote."),
  "json.trailing": (translate, { text }) => translate("Nothing may follow the value, got “{text}”.", { text: text! }),
  "json.trailingComma": (translate) =>
    translate("JSON allows no comma behind the last element. Remove it, or use the language JSON with Comments."),
  "json.comment": (translate) =>
    translate("JSON allows no comments. Remove it, or use the language JSON with Comments."),
  "json.unclosedComment": (translate) => translate("This comment is not closed with */."),
  "json.unreadable": (translate) =>
    translate("Here the text ends being JSON, or has a comment. A file of this size is read up to its first mistake."),
  "json.special": (translate, { text }) =>
    translate("{text} is read as Python's json module writes it; strict JSON has no such number.", { text: text! }),
  "json.specialMore": (translate, { count }) =>
    translate("… and {count} more NaN, Infinity or -Infinity.", { count: count! }),
  "json.overflow": (translate) => translate("This number is too large for a float64 and becomes Infinity."),
  "json.overflowMore": (translate, { count }) =>
    translate("… and more that are too large for a float64: {count}.", { count: count! }),
  "json.ragged": (translate, { row, length, expected }) =>
    translate(
      "{row} has the length {length}, the other rows {expected}: this is no tensor until all rows have the same length.",
      { row: row!, length: length!, expected: expected! },
    ),
  "json.mixed": (translate, { row }) =>
    translate(
      "{row} mixes numbers and arrays where the other rows do not: this is no tensor until all rows are nested alike.",
      { row: row! },
    ),
  "json.raggedTensor": (translate) => translate("Its rows differ in length."),
  "json.text": (translate, { text, tensor }) =>
    translate("Expected a number in {tensor}, got the text “{text}”. Write numbers without quotes.", {
      tensor: tensor!,
      text: text!,
    }),
  "json.null": (translate, { count, tensor }) =>
    translate("{tensor} holds null ({count}×), as JavaScript writes NaN: read as NaN.", {
      count: count!,
      tensor: tensor!,
    }),
  "json.tooDeep": (translate) => translate("Nested more than 64 deep: a tensor has at most 64 axes."),
  "json.deep": (translate) => translate("Nested more than 512 deep: tensors further inside are not looked for."),
  "json.width": (translate, { first, firstShape, second, secondShape, one, other }) =>
    translate(
      "{first} is {firstShape} and {second} is {secondShape}: rows of query and key must be equally wide, got {one} and {other}.",
      {
        first: first!,
        firstShape: firstShape!,
        second: second!,
        secondShape: secondShape!,
        one: one!,
        other: other!,
      },
    ),
  "json.length": (translate, { first, firstShape, second, secondShape, one, other }) =>
    translate(
      "{first} is {firstShape} and {second} is {secondShape}: there must be one value for each key, got {one} and {other}.",
      {
        first: first!,
        firstShape: firstShape!,
        second: second!,
        secondShape: secondShape!,
        one: one!,
        other: other!,
      },
    ),
  "json.empty": (translate, { tensor, shape }) =>
    translate("{tensor} is empty ({shape}): attention needs at least one row and one column.", {
      tensor: tensor!,
      shape: shape!,
    }),
  "json.tokens": (translate, { name, length, expected }) =>
    translate("{name} is not shown: it has the length {length}, expected {expected}, a token for each row.", {
      name: name!,
      length: length!,
      expected: expected!,
    }),
  "json.many": (translate) => translate("More than 20,000 arrays of numbers: those from here on are not listed."),
  "json.manySites": (translate, { limit }) =>
    translate("More than {limit} attention problems: those from here on are not listed.", { limit: limit! }),
  "json.noInteger": (translate, args) => translate("Expected an integer, of the type {dtype}; got {got}.", args),
  "json.flatLength": (translate, { shape, expected, got }) =>
    translate("Count of numbers for the shape {shape}: expected {expected}, got {got}.", {
      shape: shape!,
      expected: expected!,
      got: got!,
    }),
  "json.sparseIndex": (translate, { index, shape }) =>
    translate("The entry at [{index}] lies outside of the shape {shape}.", { index: index!, shape: shape! }),
  "json.sparseSize": (translate, { shape }) =>
    translate("The sparse tensor {shape} is too large to be written out.", { shape: shape! }),
  "json.maskOfIntegers": (translate, { tensor }) =>
    translate("{tensor} holds 0 and 1: read as a boolean mask, 1 = may attend.", { tensor: tensor! }),
  "json.option": (translate, { option, name, got }) =>
    translate("{name} is {got}, which is not taken in. Expected {expected}.", {
      name: name!,
      got: got!,
      expected: expectedOf(String(option), translate),
    }),
  "json.scoreNeeds": (translate, { score, needs }) =>
    translate("The score “{score}” needs {needs} beside it. Until it is there, softmax(QKᵀ/√d)V is shown.", {
      score: score!,
      needs: needs!,
    }),
  "json.said": (translate, { name, other }) =>
    translate("{name} is not taken in: {other} says the same thing in another way. Keep one of them.", {
      name: name!,
      other: other!,
    }),
  "json.configured": (translate, { name, config }) =>
    translate(
      "{name} is not done: it stands in “{config}”, which says what the model does, and Q and K in a file usually come after it. To have it done here, put {name} beside Q and K.",
      { name: name!, config: config! },
    ),
  "json.bucketHeads": (translate, { name, got, expected }) =>
    translate(
      "Number of columns of {name}: expected {expected}, one for each query head; got {got}. It has the shape [buckets, heads].",
      {
        name: name!,
        got: got!,
        expected: expected!,
      },
    ),
  "json.poolingNeeds": (translate) =>
    translate(
      'The score “pooling” needs the sequence beside it, as "x" with the shape [length, size] or [batch, length, size].',
    ),
  "json.segmentIds": (translate, { name }) =>
    translate(
      "{name}: read as packed sequences, so a query attends only to keys of the same number. If it means something else, give it another name, such as token_type_ids.",
      { name: name! },
    ),
  "json.negativeWeight": (translate, { value }) =>
    translate("Attention weights are never negative, got {value}.", { value: value! }),
  "json.weightSum": (translate, { sum }) =>
    translate("This row of attention weights sums to {sum}, expected 1.", { sum: sum! }),
  "edit.notNumber": (translate, { text }) => translate("“{text}” is no number that could be changed.", { text: text! }),
  "edit.boolean": (translate, { value }) =>
    translate("A boolean can only become 0 or 1, got {value}.", { value: value! }),
  "edit.special": (translate, { value }) =>
    translate('{value} cannot be written as a Python literal. Write float("nan") or float("inf") by hand.', {
      value: value!,
    }),
};
