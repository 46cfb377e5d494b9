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

export default function ({ data }) {
  let frame;
  const attempt = () => {
    const menu = document.querySelector(".st-key-menu");
    const links = menu?.querySelectorAll("a") ?? [];
    if (links.length === data.pages) complete(menu, links, data.open);
    else frame = requestAnimationFrame(attempt); // Streamlit loads the code of its links later
  };
  attempt();
  return () => cancelAnimationFrame(frame);
}
