/* The first answer is asked and shown before the editors, which are a hundred times as large. */

import { beginning, firstAnswer } from "./first.js";

const ENOUGH = 1000; // milliseconds for which the editors wait for the answer, not to delay it

if (firstAnswer) {
  const [query, answer] = document.querySelectorAll("#first pre");
  query.textContent = beginning.query;
  answer.textContent = "…";
  document.getElementById("first").hidden = false;
  firstAnswer.then((text) => {
    answer.textContent = text;
  });
  await Promise.race([firstAnswer, new Promise((resolve) => setTimeout(resolve, ENOUGH))]);
}

const style = document.createElement("link");
style.rel = "stylesheet";
style.href = document.getElementById("explorer").dataset.style;
const styled = new Promise((resolve) => {
  style.onload = style.onerror = resolve;
});
document.head.append(style);
const [{ show }] = await Promise.all([import("./main.jsx"), styled]);
show();
