// Charts of reports. Frappe tells its charts that no label belongs to a row of them, and
// cuts each: of months and hours nothing but dots is left. It puts its own settings of
// axes in the place of those that come from the server.

// Frappe Charts counts eight pixels for a letter of five or six: a name may have some more
// letters than it believes. Labels of a row keep the rest as a space between them.
const ROOM = 1.4;
const ROOM_IN_ROW = 1;

// Frappe's formatter gives small whole numbers two decimals.
export function axisNumber(number, format) {
  const isPlain = Number.isInteger(Number(number)) && Math.abs(number) < 1_000;
  return isPlain ? String(Number(number)) : format(number);
}

// Frappe's settings of axes, with those of the server's chart (`ours`).
export function axes(theirs, ours) {
  return {
    ...theirs,
    seriesLabelSpaceRatio: ours?.xIsSeries ? ROOM_IN_ROW : ROOM,
    numberFormatter: (number) => axisNumber(number, theirs.numberFormatter),
    ...ours,
  };
}

// Draw the charts of this report so; one of another report is left to Frappe.
export function drawWithAxes(report) {
  const name = report.report_name;
  // One object shows one report after the other; its class knows how Frappe does it.
  const { get_chart_options: options } = Object.getPrototypeOf(report);
  report.get_chart_options = (data) => {
    const ours = data.chart?.axisOptions;
    const chart = options.call(report, data);
    if (chart && report.report_name === name)
      chart.axisOptions = axes(chart.axisOptions, ours);
    return chart;
  };
}
