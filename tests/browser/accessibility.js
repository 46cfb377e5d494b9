// What the tests of accessibility ask of a page in which axe-core is.

// Serious findings in a part of the page; of its colours alone where nothing else can have changed.
window.findings = async (within, ofColours) => {
  const { violations } = await axe.run(within, {
    runOnly: ofColours ? ["color-contrast", "link-in-text-block"] : ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    resultTypes: ["violations"],
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, html, failureSummary }) => `${id}: ${target.flat().join(" » ")}\n${html}\n${failureSummary}`));
};

// A walk through the page by Tab: `step` after each press until it says false, then `end`.
window.journey = (() => {
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const GROUPS = "[role=radiogroup], [role=tablist], .stSelectbox, table, .sheet"; // one stop each, then arrows
  const reached = new Map();

  const parent = (one) => one.parentElement ?? one.getRootNode().host;
  const all = (root) => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  const active = () => {
    let one = document.activeElement;
    while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one;
  };
  // A ring may be drawn by what is around an input.
  const looks = (one, levels = 4) => {
    if (!one || !levels) return "";
    const { outline, outlineStyle, boxShadow, borderColor } = getComputedStyle(one);
    return [outlineStyle === "none" ? "" : outline, boxShadow, borderColor, looks(parent(one), levels - 1)].join();
  };
  // The page itself takes the focus to be scrolled; it is no control.
  const isControl = (one) => one.matches(CONTROLS) && one.tagName !== "MAIN" && !one.disabled &&
    one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true], [inert]");
  const groupOf = (one) => (one.tabIndex < 0 || one.role === "radio" ? one.closest(GROUPS) : null);
  const told = (which) => which.map((one) => one.outerHTML.slice(0, 300));

  return {
    step() {
      const one = active();
      if (one === document.body || reached.has(one)) return false;
      reached.set(one, looks(one));
      return true;
    },
    end() {
      active().blur();
      axe.setup(document);
      const controls = [...reached.keys()].filter(isControl);
      const groups = new Set(controls.map((one) => one.closest(GROUPS)).filter(Boolean));
      const found = {
        steps: controls.length,
        missed: told(all(document).filter((one) => isControl(one) && !reached.has(one) && !groups.has(groupOf(one)))),
        nameless: told(controls.filter((one) => !axe.commons.text.accessibleText(one).trim())),
        ringless: told(controls.filter((one) => looks(one) === reached.get(one))),
      };
      axe.teardown();
      return found;
    },
  };
})();
