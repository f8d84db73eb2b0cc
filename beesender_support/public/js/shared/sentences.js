// Fills the places {0}, {1}, ... of a sentence that the server translated. No second full
// stop behind a name that ends in one. A place without a value stays.
export function fill(sentence, ...values) {
  return sentence.replace(/\{(\d)\}(\.?)/g, (place, number, stop) => {
    if (values[number] === undefined) return place;
    const value = String(values[number]);
    return stop && value.endsWith(".") ? value : value + stop;
  });
}
