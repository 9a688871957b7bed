"use strict";
(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  if (!form) return;
  const changes = [...document.querySelectorAll("article.change")];
  const groups = [...document.querySelectorAll("section.group")];
  const names = ["severity", "kind", "confidence"];

  const chosen = (name) => {
    const boxes = [...form.querySelectorAll(`input[name="${name}"]`)];
    return boxes.length ? new Set(boxes.filter((box) => box.checked).map((box) => box.value)) : null;
  };

  const apply = () => {
    const wanted = names.map((name) => [name, chosen(name)]).filter(([, values]) => values);
    let count = 0;
    for (const change of changes) {
      change.hidden = !wanted.every(([name, values]) => values.has(change.dataset[name]));
      count += change.hidden ? 0 : 1;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("article.change:not([hidden])");
    }
    shown.textContent = form.dataset.shown.replace("#n", count).replace("#all", changes.length);
  };

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      form.reset();
    }
    if (target) target.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", () => setTimeout(reveal));
  apply();
})();
