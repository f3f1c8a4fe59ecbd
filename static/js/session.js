// Warns before a session ends, and lets the person go on: <dialog data-session>, see templates/accounts/session_warning.html.
// The server alone decides when a session ends; this asks it before it says anything, since another tab may have gone on.
(function () {
  "use strict";

  var dialog = document.querySelector("dialog[data-session]");
  if (!dialog || !dialog.showModal) return;
  var form = dialog.querySelector("form");
  var said = dialog.querySelector("[role='status']");
  var warn = Number(dialog.dataset.warn);
  var asked = Date.now();
  var left = { idle: Number(dialog.dataset.idle), absolute: Number(dialog.dataset.absolute) };
  var timer = null;
  var over = false;

  function soonest() {
    return Math.min(left.idle, left.absolute) - (Date.now() - asked) / 1000;
  }

  function wait(seconds) {
    window.clearTimeout(timer);
    // Longer waits than a day would overflow; none is needed.
    timer = window.setTimeout(ask, Math.max(1, Math.min(seconds, 86400)) * 1000);
  }

  function show(what) {
    over = what === "over";
    dialog.classList.toggle("k-over", over);
    dialog.querySelectorAll("[data-when]").forEach(function (part) { part.hidden = part.dataset.when !== what; });
    dialog.querySelectorAll("[data-when-not]").forEach(function (part) { part.hidden = part.dataset.whenNot === what; });
    var at = new Date(Date.now() + soonest() * 1000);
    dialog.querySelectorAll("[data-at]").forEach(function (part) {
      part.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    });
    said.textContent = "";
    if (!dialog.open) dialog.showModal();
    var first = dialog.querySelector("button:not([hidden])");
    if (first) first.focus();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  // What the server says: there is time, there is little, or it is over.
  function heard(told) {
    if (told.idle === null) {
      if (over) said.textContent = said.dataset.notYet;
      else show("over");
      wait(60);
      return;
    }
    // Somebody else has signed in meanwhile: this page is not theirs.
    if (String(told.person) !== dialog.dataset.person) {
      window.location.reload();
      return;
    }
    asked = Date.now();
    left = told;
    // A sign-in changes the token that forms carry.
    document.querySelectorAll("input[name='csrfmiddlewaretoken']").forEach(function (input) { input.value = told.token; });
    var seconds = soonest();
    if (seconds > warn) {
      over = false;
      close();
      wait(seconds - warn);
    } else {
      var full = left.absolute <= left.idle;
      // Whoever has read that the time is full, and closed it, hears of it no more until it is over.
      if (!full || dialog.dataset.read !== "yes") show(full ? "absolute" : "idle");
      wait(seconds + 1);
    }
  }

  function ask() {
    send("GET", null);
  }

  function send(method, body) {
    window.fetch(form.action, { method: method, body: body, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(heard)
      .catch(function () { wait(15); });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    // After the end there is nothing to lengthen: only whether somebody is signed in again.
    if (over) ask();
    else send("POST", new window.FormData(form));
  });
  dialog.querySelector("[data-close]").addEventListener("click", function () {
    dialog.dataset.read = "yes";
    close();
  });
  dialog.addEventListener("cancel", function (event) {
    // Escape says "I am here"; after the end nothing of the page is shown.
    event.preventDefault();
    if (over) return;
    if (left.absolute <= left.idle) dialog.querySelector("[data-close]").click();
    else form.requestSubmit();
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && soonest() < warn) ask();
  });
  wait(soonest() - warn);
})();
