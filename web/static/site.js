"use strict";
(() => {
  const root = document.documentElement;
  const find = document.getElementById("find");
  const keys = document.getElementById("keys");
  const theme = document.getElementById("theme");

  const isDark = () =>
    root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;

  const nameTheme = () => {
    theme.textContent = isDark() ? theme.dataset.light : theme.dataset.dark;
  };

  if (theme) {
    nameTheme();
    theme.addEventListener("click", (event) => {
      event.preventDefault();
      const chosen = isDark() ? "light" : "dark";
      root.dataset.theme = chosen;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${chosen}; path=/; max-age=31622400; samesite=lax${secure}`;
      nameTheme();
    });
  }

  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    const row = all[Math.min(all.length - 1, Math.max(0, next))];
    const link = row.querySelector("a[href]") || row;
    link.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const places = { t: "/", a: "/alerts", i: "/instruments", s: "/search" };
  let went = 0;

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (Date.now() - went < 1500 && places[event.key]) {
      location.assign(places[event.key]);
      return;
    }
    went = 0;
    if (event.key === "/" && find) {
      event.preventDefault();
      find.focus();
      find.select();
    } else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "g") went = Date.now();
    else if (event.key === "?" && keys && !keys.open) keys.showModal();
  });
})();
