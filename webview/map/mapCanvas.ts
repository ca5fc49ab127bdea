import { select } from "d3-selection";
import { type ZoomBehavior, zoom, zoomIdentity } from "d3-zoom";
import type { Place } from "../state.ts";
import { type Layout, plotSize, type Zoom, zoomedCell } from "./geometry.ts";
import { hatchOf, paintMap, paintPointer, type Scene, wantedTiles } from "./paintMap.ts";
import type { MapTheme } from "./theme.ts";

/** What the canvas is told to show; the zoom is its own. */
export type Shown = Omit<Scene, "zoom" | "hatch">;

/** Draws scenes on a canvas, one a frame at most, and turns wheel, drag and pinch into zooms. */
export class MapCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  /** Above the map: what moves with the pointer. */
  readonly #over: CanvasRenderingContext2D;
  readonly #plot: HTMLElement;
  readonly #onSeen: () => void;
  readonly #behavior: ZoomBehavior<HTMLElement, unknown>;
  #scene: Shown | null = null;
  #pointer: Place | null = null;
  #layout: Layout | null = null;
  #zoom: Zoom = zoomIdentity;
  #frame = 0;
  #pointerFrame = 0;
  #seen = false;
  #resizing = false;
  #hatch: { readonly of: MapTheme; readonly pattern: Scene["hatch"] } | null = null;

  /**
   * @param onRest called when a wheel, a drag or a pinch is over: while it goes on, only the canvas follows
   * @param onSeen called once, when the first picture has been on the canvas for a frame
   */
  constructor(
    canvas: HTMLCanvasElement,
    over: HTMLCanvasElement,
    plot: HTMLElement,
    onRest: (zoom: Zoom, layout: Layout) => void,
    onSeen: () => void,
  ) {
    this.#onSeen = onSeen;
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
    this.#over = over.getContext("2d")!;
    this.#plot = plot;
    this.#behavior = zoom<HTMLElement, unknown>()
      // A wheel without Ctrl belongs to the page; a double-click goes to the editor.
      .filter((event: MouseEvent) =>
        event.type === "wheel" ? event.ctrlKey || event.metaKey : event.type !== "dblclick" && !event.button,
      )
      .clickDistance(4)
      .on("zoom", ({ transform }: { transform: Zoom }) => {
        this.#zoom = transform;
        this.draw();
      })
      .on("end", () => this.#layout && !this.#resizing && onRest(this.#zoom, this.#layout));
    select(plot).call(this.#behavior);
  }

  get zoom(): Zoom {
    return this.#zoom;
  }

  show(scene: Shown): void {
    const isFirst = this.#scene?.tiles !== scene.tiles;
    this.#scene = scene;
    if (scene.layout !== this.#layout) this.#resize(scene.layout);
    // What is not there yet is asked for at once, not with the next frame.
    if (isFirst) this.#want();
    this.draw();
  }

  #want(): void {
    const scene = this.scene;
    scene?.tiles.want(wantedTiles(scene, window.devicePixelRatio || 1), scene.layout);
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
    for (const canvas of [this.#canvas, this.#over.canvas]) {
      canvas.width = Math.ceil(layout.width * devicePixels);
      canvas.height = Math.ceil(layout.height * devicePixels);
      canvas.style.width = `${layout.width}px`;
      canvas.style.height = `${layout.height}px`;
    }
    // Inside the new limits again. That is nobody's wish: where the map should be, its owner says in cells.
    this.#resizing = true;
    select(this.#plot).call(this.#behavior.scaleTo, Math.min(this.#zoom.k, most));
    this.#resizing = false;
  }

  /** What is on the canvas now; null before the first scene. */
  get scene(): Scene | null {
    if (!this.#scene) return null;
    return { ...this.#scene, hatch: this.#hatchOf(this.#scene.theme), zoom: this.#zoom };
  }

  #hatchOf(theme: MapTheme): Scene["hatch"] {
    if (this.#hatch?.of !== theme)
      this.#hatch = { of: theme, pattern: hatchOf(this.#context, theme, window.devicePixelRatio || 1) };
    return this.#hatch.pattern;
  }

  /** The cell under the pointer: it moves often, and nothing but the canvas changes with it. */
  point(place: Place | null): void {
    if (place === this.#pointer) return;
    this.#pointer = place;
    if (this.#frame || this.#pointerFrame || !this.#scene) return;
    this.#pointerFrame = requestAnimationFrame(() => this.#drawPointer());
  }

  #drawPointer(): void {
    this.#pointerFrame = 0;
    const { scene } = this;
    if (scene) paintPointer(this.#over, scene, this.#pointer, window.devicePixelRatio || 1);
  }

  zoomBy(factor: number): void {
    select(this.#plot).call(this.#behavior.scaleBy, factor);
  }

  /** Does nothing where the map is there already: the end of a gesture comes back as a wish. */
  zoomTo({ k, x, y }: Zoom): void {
    const at = this.#zoom;
    if (Math.abs(at.k / k - 1) < 1e-9 && Math.abs(at.x - x) < 1e-3 && Math.abs(at.y - y) < 1e-3) return;
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
    const { scene } = this;
    if (!scene) return;
    this.#want();
    paintMap(this.#context, scene, window.devicePixelRatio || 1);
    this.#drawPointer();
    if (!this.#seen && scene.tiles.hasSome) {
      this.#seen = true;
      requestAnimationFrame(this.#onSeen);
    }
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#pointerFrame);
    select(this.#plot).on(".zoom", null);
  }
}
