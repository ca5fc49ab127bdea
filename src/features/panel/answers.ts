import type { PanelAnswers, PanelRequest } from "../../protocol/panel.ts";
import type { CoreSession } from "../../sources/coreSession.ts";

/** Answers what a page asks by asking the core. */
export async function answer(
  { remote }: CoreSession,
  request: PanelRequest,
  signal: AbortSignal,
): Promise<PanelAnswers[PanelRequest["method"]]> {
  switch (request.method) {
    case "tile": {
      const { method: _, result, ...tile } = request;
      return remote.tile({ result, tile }, signal);
    }
    case "input":
      return remote.input(request, signal);
    case "row":
      return remote.row(request, signal);
    case "top":
      return remote.top(request, signal);
    case "cell":
      return remote.cell(request, signal);
    case "limits":
      return remote.limits(request, signal);
    case "rowLimits":
      return remote.rowLimits(request, signal);
    case "summaries":
      return remote.summaries(request, signal);
    case "difference":
      return remote.difference(request, signal);
    case "divergence":
      return remote.divergence(request, signal);
  }
}
