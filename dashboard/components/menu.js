// What a menu has and Streamlit's page links lack.
export default function ({ data }) {
  const menu = document.querySelector(".st-key-menu");
  menu.setAttribute("role", "navigation");
  menu.setAttribute("aria-label", "Pages");
  const links = [...menu.querySelectorAll("a")];
  links.forEach((link, k) => {
    if (k === data.open) link.setAttribute("aria-current", "page");
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
