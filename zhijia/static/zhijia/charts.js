/* Draws <div data-chart='{…}'> or <div data-chart-from="id of a json_script"> with ECharts (SVG).
   {"type": "bar"|"line"|"pie", "labels": [...], "series": [{"name": "...", "values": [1, null, 3]}], "unit": "人"}
   null is a gap: missing data is not a zero. The table under the drawing is in the page already. */
(function () {
  "use strict";

  const COLOURS = ["#1677ff", "#13c2c2", "#fa8c16", "#722ed1", "#52c41a", "#eb2f96", "#faad14", "#2f54eb"];
  const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
  let loading = null;

  function loadLibrary() {
    if (window.echarts) return Promise.resolve();
    if (!loading) {
      loading = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = document.querySelector('meta[name="zhijia-echarts"]').content;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }
    return loading;
  }

  function read(box) {
    const source = box.dataset.chartFrom ? document.getElementById(box.dataset.chartFrom).textContent : box.dataset.chart;
    return JSON.parse(source);
  }

  function pie(spec) {
    const values = spec.series[0].values;
    return {
      legend: { type: "scroll", bottom: 0 },
      series: [{
        type: "pie", radius: ["42%", "68%"], center: ["50%", "45%"], name: spec.series[0].name,
        data: spec.labels.map((name, i) => ({ name, value: values[i] })).filter((part) => part.value !== null),
        label: { formatter: "{b} {d}%" }, itemStyle: { borderColor: "#fff", borderWidth: 2 },
      }],
    };
  }

  function axes(spec) {
    const flat = { type: "category", data: spec.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#d9d9d9" } },
      axisLabel: { color: "#646a73", hideOverlap: true } };
    const value = { type: "value", name: spec.unit || "", nameTextStyle: { color: "#646a73" }, splitLine: { lineStyle: { color: "#f0f0f0" } },
      axisLabel: { color: "#646a73" } };
    const lying = spec.horizontal === true;
    if (lying) flat.inverse = true;
    return {
      grid: { left: 8, right: 24, top: spec.unit ? 36 : 16, bottom: spec.series.length > 1 ? 36 : 8, containLabel: true },
      legend: spec.series.length > 1 ? { type: "scroll", bottom: 0 } : undefined,
      xAxis: lying ? value : flat,
      yAxis: lying ? flat : value,
      series: spec.series.map((one) => ({
        type: spec.type === "line" ? "line" : "bar", name: one.name, data: one.values, stack: spec.stacked ? "all" : undefined,
        barMaxWidth: 32, symbolSize: 6, connectNulls: false,
        itemStyle: spec.type === "line" || spec.stacked ? undefined : { borderRadius: lying ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      })),
    };
  }

  function draw(box) {
    const spec = read(box);
    box.classList.add("is-drawn");
    const chart = window.echarts.init(box, null, {
      renderer: "svg", locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN",
    });
    const options = spec.type === "pie" ? pie(spec) : axes(spec);
    chart.setOption(Object.assign({
      animation: false, color: COLOURS, textStyle: { fontFamily: FONT },
      aria: { enabled: true },
      // Rich text is painted into the SVG; an HTML tooltip would need inline styles.
      tooltip: { trigger: spec.type === "pie" ? "item" : "axis", renderMode: "richText", confine: true },
    }, options));
    new ResizeObserver(() => chart.resize()).observe(box);
    const table = box.parentNode.querySelector("details");
    if (table) table.open = false;
  }

  function start(root) {
    const boxes = Array.from(root.querySelectorAll("[data-chart], [data-chart-from]")).filter((box) => !box.classList.contains("is-drawn"));
    if (boxes.length) loadLibrary().then(() => boxes.forEach(draw), () => { /* the tables stay readable */ });
  }

  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentNode || document));
})();
