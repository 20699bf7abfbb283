"use strict";

// A search box shows the rows of its section that contain what is typed, their details opened.
for (const box of document.querySelectorAll("input[data-filter]")) {
  const label = box.closest("label");
  const rows = [...document.getElementById(box.dataset.filter).querySelectorAll("[data-row]")];
  const contents = rows.map((row) => row.textContent.toLowerCase());
  const found = label.querySelector("output");
  label.hidden = false;
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, i) => {
      row.hidden = !contents[i].includes(wanted);
      count += row.hidden ? 0 : 1;
      // A whole document stays folded: opening all of them would bury the list.
      for (const details of row.querySelectorAll(":scope > tr.examples details")) {
        details.open = wanted !== "" && !row.hidden;
      }
    });
    found.value = wanted ? `${count} of ${rows.length}` : "";
  });
}

// A link into folded content opens it.
function show() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) {
    return;
  }
  if (target.tagName === "DETAILS") {
    target.open = true;
  }
  for (let at = target.parentElement; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") {
      at.open = true;
    }
  }
  const isTall = target.getBoundingClientRect().height > innerHeight / 2;
  target.scrollIntoView({ block: isTall ? "start" : "center" });
}
addEventListener("hashchange", show);
show();

// A click on a difference leads to its line in the list of edits.
document.addEventListener("click", (event) => {
  const edited = event.target.closest("[data-e]");
  if (edited && getSelection().isCollapsed && document.getElementById(edited.dataset.e)) {
    location.hash = edited.dataset.e;
  }
});

// "/" goes to the search box that is next on the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input")) {
    return;
  }
  const boxes = [...document.querySelectorAll("input[data-filter]")];
  const next = boxes.find((box) => box.getBoundingClientRect().bottom > 0) ?? boxes[0];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
