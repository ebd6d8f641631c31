/* Behaviour of every page. No eval, no inline handlers: it runs under script-src 'self'; style-src 'self'. */
(function () {
  "use strict";

  const store = {
    get(key) { try { return window.localStorage.getItem("zhijia." + key); } catch { return null; } },
    set(key, value) { try { window.localStorage.setItem("zhijia." + key, value); } catch { /* private mode */ } },
  };

  function csrfToken() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  // --- 元 / 万元 -------------------------------------------------------------------------------------
  // Both texts come from the server, so that rounding happens in one place.
  function showMoney(root) {
    const unit = store.get("money") === "wan" ? "wan" : "yuan";
    root.querySelectorAll("[data-fen]").forEach((cell) => {
      const text = unit === "wan" ? cell.dataset.wan : cell.dataset.yuan;
      if (text !== undefined) cell.textContent = text;
    });
    root.querySelectorAll("[data-money-switch]").forEach((button) => {
      button.setAttribute("aria-pressed", String(unit === "wan"));
      const label = button.querySelector("[data-money-label]") || button;
      label.textContent = unit === "wan" ? button.dataset.wanLabel : button.dataset.yuanLabel;
    });
  }

  // --- searchable selects ----------------------------------------------------------------------------
  function remoteLoader(select) {
    const url = select.dataset.url;
    return function (query, done) {
      const address = new URL(url, window.location.href);
      address.searchParams.set("q", query);
      fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then((data) => done((data.results || []).map((row) => ({ value: String(row.id), text: row.text }))))
        .catch(() => done());
    };
  }

  function initSelects(root) {
    if (!window.TomSelect) return;
    root.querySelectorAll("select[data-search]").forEach((select) => {
      if (select.tomselect) return;
      const options = {
        plugins: select.multiple ? ["remove_button"] : [],
        maxOptions: 200,
        allowEmptyOption: !select.required,
        placeholder: select.dataset.placeholder || "",
        render: {
          no_results: (data, escape) => '<div class="no-results">' + escape(document.body.dataset.none || "") + "</div>",
        },
      };
      if (select.dataset.url) {
        options.load = remoteLoader(select);
        options.score = () => () => 1; // the server has already searched, also by pinyin
        options.shouldLoad = (query) => query.trim().length > 0;
      }
      const box = new window.TomSelect(select, options);
      // Leaving the field after a choice, not at the next tap: on a narrow screen the open field is a line
      // taller, and the button that is tapped would move away under the finger.
      if (!select.multiple) box.on("item_add", () => box.blur());
    });
  }

  // --- rows ticked in a list -------------------------------------------------------------------------
  function showChosen() {
    const boxes = Array.from(document.querySelectorAll("input[data-row]"));
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
    document.querySelectorAll("[data-chosen-count]").forEach((place) => { place.textContent = String(chosen.length); });
    document.querySelectorAll("[data-needs-chosen]").forEach((part) => {
      part.hidden = chosen.length === 0;
    });
    const all = document.querySelector("input[data-all-rows]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  }

  // --- whole numbers are posted, so that no address ever holds them -----------------------------------
  // The server knows the same (zhijia/kit/filters.py) for whoever comes without this script.
  const WHOLE = /[0-9]{15}|(^|[^0-9])(86)?1[3-9][0-9]{9}(?![0-9])/;
  const JOINED = /(^|[^0-9])([0-9]{15}|[0-9]{17}[0-9Xx]|(86)?1[3-9][0-9]{9})(?![0-9])/;

  function isWhole(text) {
    const plain = text.normalize("NFKC").replace(/[\u200b-\u200f\u2060\ufeff]/g, "");
    return WHOLE.test(plain) || JOINED.test(plain.replace(/[\s.\-\u00b7\u2010-\u2015]+/g, ""));
  }

  function postNumber(form, number) {
    const post = document.createElement("form");
    post.method = "post";
    post.action = form.action;
    for (const [name, value] of [["csrfmiddlewaretoken", csrfToken()], ["number", number.trim()]]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      post.append(input);
    }
    document.body.append(post);
    form.reset();
    form.elements.q.value = "";
    post.submit();
    post.remove();
  }

  // --- forms -----------------------------------------------------------------------------------------
  let dirty = false;

  document.addEventListener("input", (event) => {
    if (event.target.closest && event.target.closest("form[data-guard]")) dirty = true;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-whole") && isWhole(form.elements.q.value)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      postNumber(form, form.elements.q.value);
      return;
    }
    const asked = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (asked && !window.confirm(asked)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.method === "post") {
      dirty = false;
      if (!form.hasAttribute("hx-post")) {
        // After the event, so that the pressed button's own name and value are still sent.
        const press = (off) => form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = off; });
        window.setTimeout(() => press(true), 0);
        // A download leaves the page where it is.
        if (form.hasAttribute("data-download")) window.setTimeout(() => press(false), 3000);
      }
    }
  }, true);

  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("button[type=submit]:disabled").forEach((b) => { b.disabled = false; });
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-submit]") && !field.form.hasAttribute("hx-get")) field.form.requestSubmit();
    if (field.matches("input[data-all-rows]")) {
      document.querySelectorAll("input[data-row]").forEach((box) => { box.checked = field.checked; });
      showChosen();
    } else if (field.matches("input[data-row]")) {
      showChosen();
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest ? event.target : document.body;
    if (target.closest("[data-money-switch]")) {
      store.set("money", store.get("money") === "wan" ? "yuan" : "wan");
      showMoney(document);
    }
    if (target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.kit-drop[open]").forEach((drop) => {
      if (!drop.contains(target)) drop.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.kit-drop[open]").forEach((drop) => {
      drop.open = false;
      drop.querySelector("summary").focus();
    });
  });

  // --- menu groups stay as the person left them ------------------------------------------------------
  function rememberMenu() {
    const opened = new Set((store.get("menu") || "").split("\n").filter(Boolean));
    document.querySelectorAll(".kit-menu details").forEach((group) => {
      if (opened.has(group.dataset.group)) group.open = true;
      group.addEventListener("toggle", () => {
        if (group.open) opened.add(group.dataset.group); else opened.delete(group.dataset.group);
        store.set("menu", Array.from(opened).join("\n"));
      });
    });
  }

  // --- revealed numbers go away ----------------------------------------------------------------------
  // The page also leaves by its Refresh header; this covers a page that was put aside and taken up again.
  function hideRevealed() {
    const card = document.querySelector("[data-reveal]");
    if (!card) return;
    const hide = () => card.querySelectorAll(".kit-revealed").forEach((value) => { value.textContent = "••••••"; });
    window.setTimeout(hide, Number(card.dataset.reveal) * 1000);
    window.addEventListener("pagehide", hide);
  }

  function start(root) {
    initSelects(root);
    showMoney(root);
    showChosen();
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentNode || document));
  document.addEventListener("htmx:responseError", (event) => {
    const place = document.getElementById("kit-live");
    if (place) place.textContent = place.dataset.failed + " (" + event.detail.xhr.status + ")";
  });
  document.addEventListener("DOMContentLoaded", () => {
    rememberMenu();
    hideRevealed();
    start(document);
    const firstError = document.querySelector(".is-invalid");
    if (firstError) firstError.focus();
  });
})();
