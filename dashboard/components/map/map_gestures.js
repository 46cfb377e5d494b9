// Moving, zooming, drawing a region and choosing a point: by mouse, pen, fingers and keys.
const NEAR = 14, CLICK = 5, MOST_CORNERS = 200;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listen(map) {
  const { canvas, view } = map, fingers = new Map();
  let start = null, apart = 0;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const distance = () => {
    const [[ax, ay], [bx, by]] = [...fingers.values()];
    return Math.hypot(ax - bx, ay - by);
  };

  canvas.onpointerdown = (event) => {
    if (!map.points) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 2) {
      apart = distance();
      map.outline = null;
    }
    const moves = map.tool === "move" || event.button === 1 || event.button === 2 || fingers.size > 1;
    start = { at: place(event), last: place(event), moves, isClick: fingers.size === 1 };
  };
  canvas.onpointermove = (event) => {
    const [x, y] = place(event);
    if (!start) {
      map.point(view.nearest(x, y, NEAR), false);
      return;
    }
    if (!fingers.has(event.pointerId)) return;
    const before = fingers.get(event.pointerId);
    fingers.set(event.pointerId, [x, y]);
    if (fingers.size === 2) {
      const now = distance();
      const [[ax, ay], [bx, by]] = [...fingers.values()];
      view.zoomAt(now / Math.max(apart, 1), (ax + bx) / 2, (ay + by) / 2);
      view.move((x - before[0]) / 2, (y - before[1]) / 2);
      apart = now;
      map.changed();
      return;
    }
    if (start.isClick && Math.hypot(x - start.at[0], y - start.at[1]) < CLICK) return;
    start.isClick = false;
    if (start.moves) view.move(x - before[0], y - before[1]);
    else if (map.tool === "box") map.outline = box(start.at, [x, y]);
    else {
      map.outline ??= [start.at];
      const [lx, ly] = map.outline.at(-1);
      if (Math.hypot(x - lx, y - ly) > 3) map.outline.push([x, y]);
    }
    map.changed();
  };
  canvas.onpointerup = (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size || !start) return;
    const { isClick, at } = start, drawn = map.outline;
    start = null;
    map.outline = null;
    if (drawn && drawn.length > 2) map.send(thinned(drawn));
    else if (isClick) {
      const found = view.nearest(...at, NEAR);
      if (found !== null) map.open(found);
    }
    map.changed();
  };
  canvas.onpointercancel = () => {
    fingers.clear();
    start = map.outline = null;
    map.changed();
  };
  canvas.onpointerleave = () => { if (!start) map.point(null, false); };
  canvas.oncontextmenu = (event) => event.preventDefault();
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), ...place(event));
    map.changed();
  }, { passive: false });
  canvas.ondblclick = (event) => { view.zoomAt(2, ...place(event)); map.changed(); };

  map.frame.onkeydown = (event) => {
    if (event.target !== map.frame || event.ctrlKey || event.metaKey || event.altKey || !map.points) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const from = store.pointed ?? map.data.image ?? null;
      const known = from !== null && from < map.points.n && map.data.isShown(from);
      const to = known ? view.next(from, ...arrow) : view.nearest(view.width / 2, view.height / 2);
      if (to !== null) {
        view.reveal(to);
        map.point(to, true);
      }
    } else if (event.key === "Enter" && store.pointed !== null) map.open(store.pointed);
    else if (event.key === "+" || event.key === "=" || event.key === "-") {
      const at = store.pointed === null ? [] : view.toScreen(map.points.x[store.pointed], map.points.y[store.pointed]);
      view.zoomAt(event.key === "-" ? 1 / 1.5 : 1.5, ...at);
    } else if (event.key === "0") view.fit();
    else if (event.key === "Escape" && (map.outline || store.pointed !== null)) {
      start = map.outline = null;
      map.point(null, false);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    map.changed();
  };
}

const box = ([ax, ay], [bx, by]) => [[ax, ay], [bx, ay], [bx, by], [ax, by]];

function thinned(outline) {
  const step = Math.ceil(outline.length / MOST_CORNERS);
  return outline.filter((_, k) => k % step === 0 || k === outline.length - 1);
}
