import type { Action, Block, LinkTarget } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { Facts } from "./facts.ts";

/** What can be done with the place, each as a link. */
export function linkBlocks({ range, offset, tensor, attention }: Facts, { translate, uri }: ExplainContext): Block[] {
  if (uri === undefined) return [];
  const target: LinkTarget = {
    uri,
    offset: offset ?? range.start,
    ...(tensor.id !== undefined && { tensor: tensor.id }),
    ...(attention && { site: attention.site }),
    ...(attention?.row && { query: attention.row.query }),
  };
  const known = tensor.statistics !== undefined && tensor.origin !== "sampled";
  const labels: [Action, string, boolean][] = [
    ["run", translate("Run"), attention !== undefined && !attention.problem],
    ["showInPanel", translate("Show in Panel"), attention !== undefined && !attention.problem],
    ["useAs", translate("Use As…"), (tensor.shape?.length ?? 0) >= 2],
    ["copyNumPy", translate("Copy as NumPy"), known],
    ["copyTorch", translate("Copy as PyTorch"), known],
    ["explain", translate("Explain"), true],
  ];
  const links = labels.filter(([, , fits]) => fits).map(([action, label]) => ({ action, label, target }));
  return [{ kind: "links", links }];
}
