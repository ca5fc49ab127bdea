import type { Translate } from "../../tensor/message.ts";
import { type Block, number, paragraph, plain, type Text } from "../blocks.ts";
import type { TourFacts } from "./tourFacts.ts";

/** What attention costs as it grows, and what people do about it. */
export function longPage({ attention: { sizes } }: TourFacts, translate: Translate): Block[] {
  const lengths = [...new Set([Math.max(sizes.queries, sizes.keys), 1024, 16_384, 131_072])].sort((a, b) => a - b);
  const ways = [
    translate(
      "FlashAttention computes the same result without ever storing the weights: it goes through K and V in tiles and keeps of each query only the largest score and the sum so far.",
    ),
    translate("Windows, sparse patterns and linear attention compute fewer pairs, or none: the result is another one."),
    translate(
      "A model that writes keeps the keys and values of the past. Sharing them among query heads (grouped or multi-query attention) makes that store smaller.",
    ),
  ];
  return [
    paragraph(
      plain(
        translate(
          "Every query meets every key: twice the length is four times the work and, where they are stored, four times the weights.",
        ),
      ),
    ),
    {
      kind: "table",
      head: [plain(translate("positions n")), plain(translate("weights n²")), plain(translate("in float32, one head"))],
      rows: lengths.map((n): Text[] => [
        [number(grouped(n))],
        [number(grouped(n * n))],
        [number(bytesText(n * n * 4))],
      ]),
      align: ["right", "right", "right"],
    },
    { kind: "list", items: ways.map(plain) },
  ];
}

/** Digits in groups of three, with a space that both languages read. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Bytes in the largest unit of 1024 that leaves at least one: `64 GiB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
