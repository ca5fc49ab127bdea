import type { TreeCursor } from "@vscode/tree-sitter-wasm";

/** A node of tree-sitter's concrete tree, copied out of its memory. Offsets are UTF-16 code units of the document. */
export interface Tree {
  readonly type: string;
  /** The field of the parent that this node fills, or "". */
  readonly field: string;
  readonly named: boolean;
  readonly missing: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly Tree[];
}

/** Deeper than this nobody nests code, and reading it would take more stack than there is: an error stands for the rest. */
const deepest = 600;

/** Copies the tree under the cursor, comments left out. */
export function copyTree(cursor: TreeCursor, depth = 0): Tree {
  const type = depth < deepest ? cursor.nodeType : "ERROR";
  const children: Tree[] = [];
  const node: Tree = {
    type,
    field: cursor.currentFieldName ?? "",
    named: cursor.nodeIsNamed,
    missing: cursor.nodeIsMissing,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children,
  };
  if (depth < deepest && cursor.gotoFirstChild()) {
    do {
      if (cursor.nodeType !== "comment" && cursor.nodeType !== "line_continuation")
        children.push(copyTree(cursor, depth + 1));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}

/** The child that fills `field`. */
export function child(node: Tree, field: string): Tree | undefined {
  return node.children.find((c) => c.field === field);
}

export function childrenOf(node: Tree, field: string): Tree[] {
  return node.children.filter((c) => c.field === field && c.named);
}

export function named(node: Tree): Tree[] {
  return node.children.filter((c) => c.named);
}

/** The first child of this type. */
export function ofType(node: Tree, type: string): Tree | undefined {
  return node.children.find((c) => c.type === type);
}
