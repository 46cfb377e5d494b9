export default function ({ data }) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const end = bytes.indexOf(10) + 1;
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  if (!store.points.has(head.name)) {
    const { n, steps } = head, buffer = bytes.slice(end).buffer;
    const [x, y, truth, predicted] = [0, 1, 2, 3].map((k) => new Uint16Array(buffer, 2 * n * k, n));
    const confidence = new Float32Array(buffer.slice(8 * n));
    store.points.set(head.name, {
      n, x: Float32Array.from(x, (one) => one / steps), y: Float32Array.from(y, (one) => one / steps),
      truth, predicted, confidence,
    });
    keepOnly(store.points, MOST_POINTS_KEPT);
  }
  tell("points");
}
