import { select } from "d3-selection";
import { type ZoomBehavior, zoom, zoomIdentity } from "d3-zoom";
import type { Place } from "../state.ts";
import { type Layout, plotSize, type Zoom, zoomedCell } from "./geometry.ts";
import { paintMap, type Scene, wantedTiles } from "./paintMap.ts";

/** Draws scenes on a canvas, one a frame at most, and turns wheel, drag and pinch into zooms. */
export class MapCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #plot: HTMLElement;
  readonly #behavior: ZoomBehavior<HTMLElement, unknown>;
  readonly #onZoom: (zoom: Zoom) => void;
  #scene: Omit<Scene, "zoom" | "pointer"> | null = null;
  #pointer: Place | null = null;
  #layout: Layout | null = null;
  #zoom: Zoom = zoomIdentity;
  #frame = 0;

  constructor(
    canvas: HTMLCanvasElement,
    plot: HTMLElement,
    onZoom: (zoom: Zoom) => void,
    onRest: (zoom: Zoom, layout: Layout) => void,
  ) {
    this.#canvas = canvas;
    this.#plot = plot;
    this.#onZoom = onZoom;
    this.#behavior = zoom<HTMLElement, unknown>()
      // A wheel without Ctrl belongs to the page; a double-click goes to the editor.
      .filter((event: MouseEvent) =>
        event.type === "wheel" ? event.ctrlKey || event.metaKey : event.type !== "dblclick" && !event.button,
      )
      .clickDistance(4)
      .on("zoom", ({ transform }: { transform: Zoom }) => {
        this.#zoom = transform;
        this.#onZoom(transform);
        this.draw();
      })
      .on("end", () => this.#layout && onRest(this.#zoom, this.#layout));
    select(plot).call(this.#behavior);
  }

  get zoom(): Zoom {
    return this.#zoom;
  }

  show(scene: Omit<Scene, "zoom" | "pointer">): void {
    this.#scene = scene;
    if (scene.layout !== this.#layout) this.#resize(scene.layout);
    this.draw();
  }

  #resize(layout: Layout): void {
    this.#layout = layout;
    const { width, height } = plotSize(layout);
    const most = Math.max(1, zoomedCell / Math.min(layout.cellWidth, layout.cellHeight));
    this.#behavior
      .extent([
        [0, 0],
        [width, height],
      ])
      .translateExtent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent([1, most]);
    const devicePixels = window.devicePixelRatio || 1;
    this.#canvas.width = Math.ceil(layout.width * devicePixels);
    this.#canvas.height = Math.ceil(layout.height * devicePixels);
    this.#canvas.style.width = `${layout.width}px`;
    this.#canvas.style.height = `${layout.height}px`;
    // Inside the new limits again.
    select(this.#plot).call(this.#behavior.scaleTo, Math.min(this.#zoom.k, most));
  }

  /** What is on the canvas now; null before the first scene. */
  get scene(): Scene | null {
    return this.#scene && { ...this.#scene, zoom: this.#zoom, pointer: this.#pointer };
  }

  /** The cell under the pointer: it moves often, and nothing but the canvas changes with it. */
  point(place: Place | null): void {
    if (place === this.#pointer) return;
    this.#pointer = place;
    this.draw();
  }

  zoomBy(factor: number): void {
    select(this.#plot).call(this.#behavior.scaleBy, factor);
  }

  zoomTo({ k, x, y }: Zoom): void {
    select(this.#plot).call(this.#behavior.transform, zoomIdentity.translate(x, y).scale(k));
  }

  draw(): void {
    if (this.#frame || !this.#scene) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    if (!this.#scene) return;
    const scene: Scene = { ...this.#scene, zoom: this.#zoom, pointer: this.#pointer };
    const devicePixels = window.devicePixelRatio || 1;
    scene.tiles.want(wantedTiles(scene, devicePixels), scene.layout);
    paintMap(this.#canvas.getContext("2d")!, scene, devicePixels);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    select(this.#plot).on(".zoom", null);
  }
}
