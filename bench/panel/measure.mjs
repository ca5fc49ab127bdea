// What a hand does with the map, and how long the page takes to follow.

/** From the snapshot's arrival in the page to the first frame with the map's colours on the canvas, in milliseconds. */
export async function firstPaint(open) {
  const panel = await open(watchFirstPaint);
  const time = await panel.frame.waitForFunction(() => globalThis.firstPaint).then((handle) => handle.jsonValue());
  await panel.close();
  return time;
}

function watchFirstPaint() {
  let arrived = 0;
  window.addEventListener(
    "message",
    ({ data }) => {
      if (data?.type === "snapshot") arrived = performance.now();
    },
    true,
  );
  const look = () => {
    const canvas = document.querySelector(".map canvas");
    const pixel =
      canvas?.width > 300 && canvas.getContext("2d").getImageData(canvas.width * 0.6, canvas.height * 0.6, 1, 1).data;
    if (pixel && pixel[1] > 110 && pixel[1] - pixel[0] > 20) globalThis.firstPaint = performance.now() - arrived;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** For each gesture: the times between frames, and the processor time of the page's main thread a frame. */
export async function frames(open) {
  const panel = await open();
  await panel.frame.locator(".map-plot").waitFor();
  await panel.page.waitForTimeout(800);
  const cdp = await panel.page.context().newCDPSession(panel.page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () =>
    (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  const measured = {};
  for (const [name, act] of Object.entries({ hover, zoom, pan })) {
    await panel.frame.evaluate(startCounting);
    const before = await busy();
    await act(panel);
    const after = await busy();
    const gaps = await panel.frame.evaluate(() => globalThis.stopCounting());
    measured[name] = { gaps, work: (after - before) / gaps.length };
  }
  await panel.close();
  return measured;
}

function startCounting() {
  const gaps = [];
  let last = performance.now();
  let going = true;
  const count = (now) => {
    gaps.push(now - last);
    last = now;
    if (going) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  globalThis.stopCounting = () => {
    going = false;
    return gaps.slice(2);
  };
}

async function middle({ frame }) {
  const box = await frame.locator(".map-plot").boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, reach: box.width * 0.35 };
}

async function hover(panel) {
  const { x, y, reach } = await middle(panel);
  for (let i = 0; i < 120; i++) await panel.page.mouse.move(x + reach * Math.cos(i / 9), y + reach * Math.sin(i / 7));
}

async function zoom(panel) {
  const { x, y } = await middle(panel);
  await panel.page.mouse.move(x, y);
  await panel.page.keyboard.down("Control");
  for (let i = 0; i < 80; i++) await panel.page.mouse.wheel(0, i % 40 < 25 ? -120 : 120);
  await panel.page.keyboard.up("Control");
}

async function pan(panel) {
  const { x, y, reach } = await middle(panel);
  for (let i = 0; i < 5; i++) {
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.down();
    for (let j = 0; j < 25; j++)
      await panel.page.mouse.move(x + reach * Math.sin((i + j / 25) * 2), y - (reach * j) / 25);
    await panel.page.mouse.up();
  }
}
