// Times a stroke from the moment the mouse is let go to the frame in which other bars are painted.
window.drawing = {
  bars(key) {
    const bars = [...document.querySelectorAll(`.st-key-${key} .bars .point path`)];
    return bars.map((one) => one.getAttribute("d")).join("|");
  },

  // Begins to wait; `taken` is then a promise of milliseconds, of null after five seconds.
  watch(key) {
    const before = this.bars(key);
    const frame = () => new Promise(requestAnimationFrame);
    this.taken = new Promise((resolve) => {
      window.addEventListener("mouseup", async () => {
        const started = performance.now();
        const isThere = () => ![before, ""].includes(this.bars(key));
        while (!isThere() && performance.now() - started < 5_000) await frame();
        await frame();
        resolve(isThere() ? performance.now() - started : null);
      }, { capture: true, once: true });
    });
  },
};
