// The axes of a report's chart: Frappe puts its own in the place of the server's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisNumber, drawWithAxes } from "../../public/js/desk/report_charts.js";

const shortened = (number) => `${number} shortened`;
const THEIRS = { shortenYAxisNumbers: 1, numberFormatter: shortened };

class Report {
  report_name = "Ours";

  get_chart_options({ chart }) {
    if (chart) chart.axisOptions = { ...THEIRS };
    return chart;
  }
}

test("what the server said of the axes is kept beside Frappe's settings", () => {
  const report = new Report();
  drawWithAxes(report);
  drawWithAxes(report);
  const chart = { axisOptions: { xIsSeries: true } };
  const { axisOptions } = report.get_chart_options({ chart });
  assert.equal(axisOptions.xIsSeries, true);
  assert.equal(axisOptions.shortenYAxisNumbers, 1);
  assert.equal(axisOptions.numberFormatter(300), "300");
  assert.equal(axisOptions.numberFormatter(1_500), "1500 shortened");
});

test("a report without a chart has none, and other reports are left alone", () => {
  const report = new Report();
  drawWithAxes(report);
  assert.equal(report.get_chart_options({}), undefined);
  report.report_name = "Another";
  const { axisOptions } = report.get_chart_options({ chart: {} });
  assert.deepEqual(axisOptions, THEIRS);
});

test("only whole numbers below a thousand are written as they are", () => {
  assert.equal(axisNumber("20", shortened), "20");
  assert.equal(axisNumber(0, shortened), "0");
  assert.equal(axisNumber(2.5, shortened), "2.5 shortened");
  assert.equal(axisNumber(-1_000, shortened), "-1000 shortened");
});
