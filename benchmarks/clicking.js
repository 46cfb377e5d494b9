// Times a click from its event to the frame in which exactly the expected images are painted.
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

  shown(key) {
    return [...(this.within(key)?.querySelectorAll("[data-index]") ?? [])].map((one) => +one.dataset.index);
  },

  // Milliseconds; null where the images had not come after five seconds.
  async time({ buttons, images, button, expected, before, apart }) {
    for (const earlier of before) {
      this.press(buttons, earlier);
      await new Promise((resolve) => setTimeout(resolve, apart));
    }
    const frame = () => new Promise(requestAnimationFrame);
    const wanted = expected.join();
    const started = performance.now();
    this.press(buttons, button);
    do {
      await frame();
      if (performance.now() - started > 5_000) return null;
    } while (this.shown(images).join() !== wanted);
    const root = this.within(images), picture = new Image();
    picture.src = root.querySelector("[data-url]")?.dataset.url ?? root.querySelector("img").src;
    await picture.decode();
    await frame();
    return performance.now() - started;
  },
};
