// Fills the places {0}, {1}, ... of a sentence that the server translated. No second full
// stop behind a name that ends in one.
export function fill(sentence, ...values) {
  return sentence.replace(/\{(\d)\}(\.?)/g, (_place, number, stop) => {
    const value = String(values[number]);
    return stop && value.endsWith(".") ? value : value + stop;
  });
}
