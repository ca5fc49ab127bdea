/**
 * What **Open Example…** offers, the plainest first. Written down because an extension that runs in the browser is served
 * file by file: its folders cannot be listed.
 */
export const exampleFiles = [
  "attention.json",
  "self_attention.json",
  "attention.py",
  "numpy_attention.py",
  "gpt_block.py",
  "additive_attention.py",
];
