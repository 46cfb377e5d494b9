function pictureOf(base64) {
  const picture = new Image();
  picture.src = `data:image/png;base64,${base64}`;
  return picture;
}

export default function ({ data, setTriggerValue }) {
  if (store.split !== data.split) {
    store.split = data.split;
    store.digits.clear();
    store.pointed = null;
  }
  if (data.sprite && !data.indices.every((index) => store.digits.has(index))) {
    const picture = pictureOf(data.sprite);
    picture.decode().then(() => {
      data.indices.forEach((index, k) => {
        const left = 28 * (k % data.columns), top = 28 * Math.floor(k / data.columns);
        store.digits.delete(index);
        store.digits.set(index, { picture, left, top });
      });
      keepOnly(store.digits, MOST_DIGITS_KEPT);
      tell("digits");
    });
  }
  // One question at a time, the latest: what is asked while the page answers would be lost.
  let waiting;
  store.ask = (indices) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => setTriggerValue("wanted", indices.slice(0, data.most)), 120);
  };
  tell("digits");
  return () => clearTimeout(waiting);
}
