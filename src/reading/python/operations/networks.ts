import { argparse } from "./argparse.ts";
import { convolutions } from "./convolution.ts";
import { decompositions } from "./decompositions.ts";
import { distributions } from "./distributions.ts";
import { einops } from "./einops.ts";
import { einsums } from "./einsum.ts";
import { foreignRandom } from "./foreignRandom.ts";
import { fourier } from "./fourier.ts";
import { initializers } from "./initializers.ts";
import { activationLayers } from "./layers/activations.ts";
import { attentionLayers } from "./layers/attention.ts";
import { containerLayers } from "./layers/containers.ts";
import { convolutionLayers } from "./layers/convolutions.ts";
import { dropoutLayers } from "./layers/dropout.ts";
import { linearLayers } from "./layers/linear.ts";
import { moduleMethods } from "./layers/module.ts";
import { normLayers } from "./layers/norms.ts";
import { poolingLayers } from "./layers/pooling.ts";
import { recurrentLayers } from "./layers/recurrents.ts";
import { timm } from "./layers/timm.ts";
import { transformerLayers } from "./layers/transformer.ts";
import { linearFunctions } from "./linear.ts";
import { losses } from "./losses.ts";
import { normalization } from "./normalization.ts";
import { numpyRandom } from "./numpyRandom.ts";
import type { Operation } from "./operation.ts";
import { optimizers } from "./optimizers.ts";
import { pooling } from "./pooling.ts";
import { pythonRandom } from "./pythonRandom.ts";
import { rarer } from "./rarer.ts";
import { resizing } from "./resizing.ts";
import { sampling } from "./sampling.ts";
import { torchRandom } from "./torchRandom.ts";

/** Layers, what they call, and random numbers. */
export const networks: readonly (readonly Operation[])[] = [
  decompositions,
  rarer,
  sampling,
  distributions,
  argparse,
  fourier,
  convolutions,
  einops,
  einsums,
  foreignRandom,
  initializers,
  activationLayers,
  attentionLayers,
  containerLayers,
  convolutionLayers,
  dropoutLayers,
  linearLayers,
  moduleMethods,
  normLayers,
  poolingLayers,
  recurrentLayers,
  transformerLayers,
  timm,
  linearFunctions,
  losses,
  normalization,
  numpyRandom,
  optimizers,
  pooling,
  pythonRandom,
  resizing,
  torchRandom,
];
