// The drawing package shows tools of its own over the sheet, without names; ours stand below it.
const style = new CSSStyleSheet();
style.replaceSync(".dc-toolbar { display: none !important }");

function hideTools() {
  for (const host of document.querySelectorAll(".st-key-sketch-sheet *")) {
    const root = host.shadowRoot;
    if (root && !root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets.push(style);
  }
}

export default function () {
  const observer = new MutationObserver(hideTools); // Streamlit loads the sheet later
  observer.observe(document.querySelector(".st-key-sketch-canvas"), { childList: true, subtree: true });
  hideTools();
  return () => observer.disconnect();
}
