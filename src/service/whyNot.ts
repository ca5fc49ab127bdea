import { misfit } from "../reading/siteProblem.ts";
import { type Message, message } from "../tensor/message.ts";
import { lacksValues } from "./samples.ts";
import type { ResolvedSite } from "./sites.ts";

/** Why running this site would fail, found by its shapes alone. `sampled`: samples stand in for missing values. */
export function whyNot({ entries, site }: ResolvedSite, sampled: boolean): Message | undefined {
  if (entries.weights) return undefined;
  for (const role of ["query", "key", "value", "mask"] as const) {
    const entry = entries[role];
    if (!entry && role !== "mask") return message("service.noRole", { role });
    if (entry && !sampled && lacksValues(entry)) return message("service.noValues", { name: entry.name });
  }
  return misfit(entries, site.options) ?? undefined;
}
