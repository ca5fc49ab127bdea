import type { EditRequest } from "../protocol/core.ts";
import { type NumberEdit, replaceNumber } from "../reading/edit.ts";
import { failed, type Outcome } from "../tensor/message.ts";
import { stepped } from "../tensor/numberSteps.ts";
import { sizeOf, valueAt } from "../tensor/tensor.ts";
import { valuesOf } from "./copies.ts";
import type { MirroredDocument } from "./documents.ts";

/** The edit of the text that gives an element another value. Fails where the text is no longer the one that is meant. */
export function editOf(document: MirroredDocument, request: EditRequest): Outcome<NumberEdit> {
  if (request.version !== document.readVersion || document.version !== document.readVersion)
    return failed("service.moved");
  const found = valuesOf(document, request.tensor);
  if (!found.ok) return found;
  const { entry, values } = found.value;
  if (!entry.places || request.element >= sizeOf(values.shape))
    return failed("service.notWritten", { name: entry.name });
  const { language, text } = document;
  const { change, element } = request;
  const [value, precision] =
    "value" in change
      ? [change.value, change.precision]
      : [stepped(valueAt(values, element), change.steps), "drag" as const];
  return replaceNumber(text, entry.places.range(element), value, { language, precision });
}
