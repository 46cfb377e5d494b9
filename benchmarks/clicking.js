// Times a click from its event to the frame in which exactly the expected images are painted: `all` of
// them, or as many as have room in their box. The click is lost if the others do not follow.
window.clicking = {
  // Streamlit gives each component a shadow root.
  within(key) {
    const container = document.querySelector(`.st-key-${key}`);
    const host = [...(container?.querySelectorAll("*") ?? [])].find((one) => one.shadowRoot);
    return host?.shadowRoot ?? container;
  },

  press(key, button) {
    this.within(key).querySelector(button).click();
  },

  images(key) {
    return [...(this.within(key)?.querySelectorAll("[data-index]") ?? [])];
  },

  areThere(images, expected, all) {
    if (images.some((one, k) => +one.dataset.index !== expected[k])) return false;
    if (images.length === expected.length) return true;
    const [first, last] = [images[0], images.at(-1)];
    return !all && last?.offsetTop - first?.offsetTop > first?.parentElement.clientHeight;
  },

  // Milliseconds; null where the images had not come after five seconds.
  async time({ buttons, images, button, expected, all, before, apart }) {
    for (const earlier of before) {
      this.press(buttons, earlier);
      await new Promise((resolve) => setTimeout(resolve, apart));
    }
    const frame = () => new Promise(requestAnimationFrame);
    const started = performance.now();
    const until = async (all) => {
      while (!this.areThere(this.images(images), expected, all) && performance.now() - started < 5_000) await frame();
    };
    this.press(buttons, button);
    await until(all);
    const root = this.within(images), picture = new Image();
    picture.src = root.querySelector("[data-url]")?.dataset.url ?? root.querySelector("img").src;
    await picture.decode();
    await frame();
    const taken = performance.now() - started;
    await until(true);
    return this.areThere(this.images(images), expected, true) ? taken : null;
  },
};
