// What all parts of the map's page know: the points and digits that were sent, and what is pointed at.
const store = (globalThis.mnistLensMaps ??= {
  points: new Map(), // by name: { n, steps, x, y, truth, predicted, confidence }
  digits: new Map(), // of one split, by position: { picture, left, top }
  split: null,
  views: new Map(), // by name: how far each map is moved and zoomed
  pointed: null, // position of the image pointed at, on whichever map
  ask: null, // asks for digits by position
  listeners: new Set(),
});
const MOST_POINTS_KEPT = 6, MOST_DIGITS_KEPT = 6000;
const tell = (what) => store.listeners.forEach((listener) => listener(what));

function keepOnly(map, most) {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
