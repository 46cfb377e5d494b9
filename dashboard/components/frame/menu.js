// What a menu has and Streamlit's page links lack.
function complete(menu, links, open) {
  menu.setAttribute("role", "navigation");
  menu.setAttribute("aria-label", "Pages");
  links.forEach((link, k) => {
    if (k === open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  links[0].href = new URL(".", links[1].href); // the first page's is empty: the page that is open
  // On a phone the sidebar covers the page that is chosen.
  menu.onclick = (event) => {
    if (event.target.closest("a") && matchMedia("(max-width: 768px)").matches) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button').click();
    }
  };
}

const observer = new MutationObserver(() => completeOpen());
let completeOpen;

export default function ({ data }) {
  const menu = document.querySelector(".st-key-menu");
  completeOpen = () => {
    const links = menu.querySelectorAll("a");
    if (links.length === data.pages) complete(menu, links, data.open);
  };
  completeOpen();
  observer.observe(menu, { childList: true, subtree: true }); // Streamlit loads its links later
  return () => observer.disconnect();
}
