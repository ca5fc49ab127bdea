import type { Library } from "../run/interpreter.ts";
import { builtins } from "./builtins.ts";
import { constant, isBuiltinName } from "./constants.ts";
import { constructors } from "./constructors.ts";
import { containers } from "./containers.ts";
import { converting } from "./converting.ts";
import { creating } from "./creating.ts";
import { dataLoading } from "./dataLoading.ts";
import { decidedByValues } from "./decidedByValues.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { joining } from "./joining.ts";
import { lessUsed } from "./lessUsed.ts";
import { linearAlgebra } from "./linearAlgebra.ts";
import { mathematics } from "./mathematics.ts";
import { networks } from "./networks.ts";
import type { Operation } from "./operation.ts";
import { paths } from "./paths.ts";
import { property } from "./properties.ts";
import { reductionOperationsList } from "./reductions.ts";
import { shapes } from "./shapes.ts";
import { softmaxes } from "./softmaxes.ts";
import { statistics } from "./statistics.ts";
import { timm } from "./timm.ts";
import { torchMisc } from "./torchMisc.ts";

/** Every family of operations. To teach the interpreter a function, add a line to the family that it belongs to. */
const families: readonly (readonly Operation[])[] = [
  builtins,
  containers,
  mathematics,
  constructors,
  creating,
  converting,
  elementwise,
  shapes,
  indexing,
  decidedByValues,
  joining,
  linearAlgebra,
  reductionOperationsList,
  softmaxes,
  torchMisc,
  timm,
  lessUsed,
  statistics,
  dataLoading,
  paths,
  ...networks,
];

/** The table of everything that is known by name. */
export function standardLibrary(): Library {
  const operations = new Map<string, Operation>();
  const packages = new Set<string>();
  for (const family of families) for (const op of family) for (const name of op.names) operations.set(name, op);
  for (const name of operations.keys()) {
    for (let at = name.lastIndexOf("."); at > 0; at = name.lastIndexOf(".", at - 1)) packages.add(name.slice(0, at));
  }
  const knows = (path: string) => operations.has(path) || packages.has(path) || isBuiltinName(path);
  return { operations, names: { constant, property, knows } };
}
