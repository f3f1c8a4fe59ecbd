// Small comforts. Every page works without this file.
(function () {
  "use strict";

  // Buttons that open a part of the page: <button data-opens="id" aria-expanded="false" aria-controls="id">.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-opens]");
    if (!button) return;
    var part = document.getElementById(button.dataset.opens);
    if (!part) return;
    var open = part.classList.toggle("show");
    button.setAttribute("aria-expanded", String(open));
  });

  // Small menus close by Escape (focus goes back to their button) and by a click elsewhere.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.k-drop[open]").forEach(function (menu) {
      var inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.k-drop[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  function focusOn(element) {
    if (!element.hasAttribute("tabindex") && !element.matches("a[href], button, input, select, textarea, summary")) {
      element.setAttribute("tabindex", "-1");
    }
    element.focus();
  }

  function announce(text) {
    var region = document.getElementById("kuuluta");
    if (!region) return;
    region.textContent = "";
    window.setTimeout(function () { region.textContent = text; }, 100);
  }

  // A summary of errors takes the focus on load, so that it is heard first.
  function focusErrors(root) {
    var summary = root.querySelector(".k-errors");
    if (summary) focusOn(summary);
  }
  focusErrors(document);

  // A summary's link goes to the first input of a group as well.
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".k-errors a[href^='#']");
    if (!link) return;
    var target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    var input = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!input) return;
    event.preventDefault();
    input.focus();
  });

  // After a part of the page is replaced: errors first, then what the new part marks with data-focus (moves the focus)
  // or data-announce (is read aloud and leaves the focus where it is).
  document.addEventListener("htmx:afterSettle", function (event) {
    var part = event.detail.elt;
    if (!part || !part.querySelector) return;
    if (part.matches(".k-errors") || part.querySelector(".k-errors")) {
      focusOn(part.matches(".k-errors") ? part : part.querySelector(".k-errors"));
      return;
    }
    var wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
    if (wanted) focusOn(wanted);
    var said = part.matches("[data-announce]") ? part : part.querySelector("[data-announce]");
    if (said) announce(said.dataset.announce || said.textContent.trim());
  });

  // A part that cannot be fetched says so, in the words that the page carries in its language.
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () {
      var region = document.getElementById("kuuluta");
      if (region && region.dataset.failed) {
        announce(region.dataset.failed);
        region.classList.remove("visually-hidden");
      }
    });
  });
})();
