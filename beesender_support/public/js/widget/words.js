// Words of the site with values in their places: "{0} of {1}".

export function fill(template, ...values) {
  return template.replace(/\{(\d+)\}/g, (place, index) => values[index] ?? place);
}
